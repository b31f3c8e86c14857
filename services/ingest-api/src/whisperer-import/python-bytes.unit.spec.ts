import { parsePythonBytes } from './python-bytes.ts';

describe("Python's notation of bytes", () => {
  it.each([
    ["b'ok'", Buffer.from('ok')],
    ["b''", Buffer.alloc(0)],
    [`b"it's"`, Buffer.from("it's")],
    [`b'a\\'b"c'`, Buffer.from(`a'b"c`)],
    [String.raw`b'\xc5\x9f\n\t\\x41'`, Buffer.from('ş\n\t\\x41')],
  ])('%s is read', (text, bytes) => {
    expect(parsePythonBytes(text)).toEqual(bytes);
  });

  it.each(['', 'ok', "b'ok", 'HTTPConnectionPool(host=…): Read timed out.', "b'"])('%s is none', (text) => {
    expect(parsePythonBytes(text)).toBeUndefined();
  });
});
