/** How an answer's bytes are shown: as text, or as dj-whisperer stored them, Python's repr of the bytes. */
export type ResponseContentFormat = 'plain' | 'python-bytes';

export function formatResponseContent(content: Buffer, format: ResponseContentFormat): string {
  return format === 'plain' ? content.toString('utf8') : pythonBytesRepr(content);
}

const NAMED: Record<number, string> = { 0x09: '\\t', 0x0a: '\\n', 0x0d: '\\r', 0x5c: '\\\\' };

/** Python's `repr(bytes)`: `b'ok'`, `b'\xc5\x9f'`, in double quotes when there is a `'` and no `"`. */
export function pythonBytesRepr(content: Buffer): string {
  const quote = content.includes("'") && !content.includes('"') ? '"' : "'";
  let text = `b${quote}`;
  for (const byte of content) {
    const named = NAMED[byte];
    if (named) text += named;
    else if (byte === quote.charCodeAt(0)) text += `\\${quote}`;
    else if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text + quote;
}
