/** Something that can be hurt: a service, Kafka or PostgreSQL, as real processes of this machine. */
export interface Victim {
  readonly name: string;
  /** Of its processes, as far as they run. */
  pids(): Promise<number[]>;
  /** Resolves when it was started; a service may still be getting ready. */
  start(): Promise<void>;
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
  /** Its orderly end. */
  end(): Promise<void>;
  /** SIGSTOP to all of its processes. */
  freeze(): Promise<void>;
  /** SIGCONT to those that were frozen. */
  thaw(): void;
}

/** A process may have ended in between. */
export function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
