import type { Lane } from './lane.ts';

/**
 * Whose turn it is: accounts take turns, and within an account its lanes, so that neither a webhook with many events
 * nor an account with many webhooks takes more than its share.
 */
export class Turns {
  readonly #lanes = new Map<number, Lane[]>();
  #accounts: number[] = [];

  get waiting(): boolean {
    return this.#accounts.length > 0;
  }

  add(lane: Lane): void {
    if (lane.hasTurn) return;
    lane.hasTurn = true;
    const lanes = this.#lanes.get(lane.accountId);
    if (lanes) lanes.push(lane);
    else {
      this.#lanes.set(lane.accountId, [lane]);
      this.#accounts.push(lane.accountId);
    }
  }

  /** The next lane; it has to be added again for another turn. */
  take(): Lane | undefined {
    const account = this.#accounts.shift();
    if (account === undefined) return undefined;
    const lanes = this.#lanes.get(account) ?? [];
    const lane = lanes.shift();
    if (lanes.length > 0) this.#accounts.push(account);
    else this.#lanes.delete(account);
    if (lane) lane.hasTurn = false;
    return lane;
  }

  clear(): void {
    while (this.take());
  }
}
