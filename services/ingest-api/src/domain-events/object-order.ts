/** Tasks of one object go one after the other, in the order in which they were handed in; those of others go on meanwhile. */
export class ObjectOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when the object's earlier ones have ended, however they ended. */
  async run<T>(object: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(object) ?? Promise.resolve();
    const running = before.then(task);
    const ended = running.catch(() => undefined);
    this.#last.set(object, ended);
    try {
      return await running;
    } finally {
      if (this.#last.get(object) === ended) this.#last.delete(object);
    }
  }
}
