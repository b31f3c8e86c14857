import Transport from 'winston-transport';

const MESSAGE = Symbol.for('message');
const LEVEL = Symbol.for('level');
const GATHER_MS = 20;

export interface GatheredLinesOptions {
  /** Writes text at once, in order. */
  write: (text: string) => void;
}

/**
 * A transport that writes many lines in one system call: what comes within a moment goes together, a warning or an error
 * takes those before it along and goes at once. What is left goes when the process exits; a `kill -9` loses a moment.
 */
export class GatheredLines extends Transport {
  readonly #write: (text: string) => void;
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor({ write }: GatheredLinesOptions) {
    super();
    this.#write = write;
    process.once('exit', () => this.flush());
  }

  override log(info: Record<symbol, string>, done: () => void): void {
    this.#text += `${info[MESSAGE]}\n`;
    if (info[LEVEL] === 'warn' || info[LEVEL] === 'error') this.flush();
    // The timer keeps no process alive: `exit` writes what it would have.
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
    done();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#write(text);
  }
}
