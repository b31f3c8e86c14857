/**
 * Reads that begin from now on: to share one that is under way could miss what was committed since. So of each key one
 * is under way, and everybody who comes meanwhile shares the next.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Read<T>>();

  read(key: string, find: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running) return (running.next ??= running.ended.then(() => this.read(key, find)));
    const found = find();
    const ended = found.then(
      () => void this.#running.delete(key),
      () => void this.#running.delete(key),
    );
    this.#running.set(key, { ended });
    return found;
  }
}

interface Read<T> {
  ended: Promise<void>;
  next?: Promise<T>;
}
