/** Exit codes, where there is one those of sysexits.h. */
export const EXIT = {
  done: 0,
  /** It was tried, and did not work. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** EX_UNAVAILABLE: nobody answers, or not now. */
  unavailable: 69,
  /** EX_NOPERM: no token, or not a good enough one. */
  notPermitted: 77,
} as const;

/** What ends a command, in words for whoever typed it. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(words: string, exitCode: number = EXIT.failed) {
    super(words);
    this.exitCode = exitCode;
  }
}
