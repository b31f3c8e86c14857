import { isDatabaseAway } from '@oms-webhooks/db';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import { nextStepIn, resendStep, type ResendStepDeps } from './resend-step.ts';

/** How often tasks that another replica has taken in are looked for. */
const LOOK_MS = 2000;

/** Carries out bulk resends, step by step, beside other replicas. */
export class ResendRunner implements Worker {
  readonly name = 'resend-tasks';
  readonly #deps: ResendStepDeps;
  #wake = new AbortController();

  constructor(deps: ResendStepDeps) {
    this.#deps = deps;
  }

  /** Has tasks looked for at once. */
  wake(): void {
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake.abort(), { once: true });
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const wait = await this.#step();
      if (wait > 0 && !signal.aborted) await pause(wait, this.#wake.signal);
    }
  }

  /** @returns how long there is nothing to do, in ms */
  async #step(): Promise<number> {
    const { orm, log } = this.#deps;
    try {
      if (await resendStep(this.#deps)) return 0;
      return Math.min(LOOK_MS, (await nextStepIn(orm)) ?? LOOK_MS);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      log.warn('bulk resends cannot reach PostgreSQL, trying again', { error });
      return LOOK_MS;
    }
  }
}
