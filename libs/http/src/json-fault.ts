/** Something wrong with a JSON text, in the words of Python's json module, and where. */
export class JsonFault extends Error {
  constructor(message: string, text: string, index: number) {
    super(`${message}: ${position(text, index)}`);
  }
}

/** `line 1 column 3 (char 2)`; columns and characters count code points, as Python does. */
function position(text: string, index: number): string {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `line ${line} column ${codePoints(before.slice(lineStart)) + 1} (char ${codePoints(before)})`;
}

function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
