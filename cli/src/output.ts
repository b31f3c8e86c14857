/** What a command says: results on stdout, everything else on stderr. */
export interface Output {
  /** Whether programs read it: results are JSON, as the API has answered them. */
  json: boolean;
  print(text: string): void;
  /** Words beside the result. */
  tell(words: string): void;
  /** How far it is: replaces the last line on a terminal, else nothing until the end. */
  progress(words: string): void;
  /** Columns of the terminal. */
  width: number;
}

export function outputOn(json: boolean): Output {
  const { stdout, stderr } = process;
  let shows = false;
  const clear = () => {
    if (shows) stderr.write('\r\x1b[K');
    shows = false;
  };
  return {
    json,
    width: stdout.isTTY ? stdout.columns : Infinity,
    print(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    tell(words) {
      clear();
      stderr.write(`${words}\n`);
    },
    progress(words) {
      if (!stderr.isTTY) return;
      stderr.write(`\r\x1b[K${words}`);
      shows = true;
    },
  };
}
