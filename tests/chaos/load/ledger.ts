/** An event that was answered 202. Instants are ms since the epoch. */
export interface Acknowledged {
  key: string;
  uuid: string;
  receiver: string;
  line: string;
  number: number;
  /** When the request that was answered 202 was sent, and answered. */
  sentAt: number;
  acknowledgedAt: number;
}

/** What publishers were told. */
export class Ledger {
  readonly byKey = new Map<string, Acknowledged>();
  /** Requests to publish by what came of them: a status, or the code of a connection's error. */
  readonly answers = new Map<string, number>();

  note(answer: string): void {
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
  }

  acknowledge(event: Acknowledged): void {
    this.byKey.set(event.key, event);
  }

  get acknowledged(): Acknowledged[] {
    return [...this.byKey.values()];
  }
}
