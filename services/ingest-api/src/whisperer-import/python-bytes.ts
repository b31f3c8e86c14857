const ESCAPES: Record<string, number> = { '\\': 0x5c, "'": 0x27, '"': 0x22, t: 0x09, n: 0x0a, r: 0x0d };

/** The bytes that Python writes as `b'…'` or `b"…"`; undefined for any other text. */
export function parsePythonBytes(text: string): Buffer | undefined {
  const [, , inner = ''] = /^b(['"])(.*)\1$/s.exec(text) ?? [undefined, undefined, undefined];
  if (!/^b(['"]).*\1$/s.test(text)) return undefined;
  const bytes: number[] = [];
  for (const [token] of inner.matchAll(/\\x[0-9a-f]{2}|\\.|[^\\]/gsu)) {
    const escape = ESCAPES[token.slice(1)];
    if (token.startsWith('\\x')) bytes.push(parseInt(token.slice(2), 16));
    else if (token.startsWith('\\') && escape !== undefined) bytes.push(escape);
    else bytes.push(...Buffer.from(token));
  }
  return Buffer.from(bytes);
}
