import fc from 'fast-check';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** A body as it goes over the wire. */
export interface Body {
  bytes: Buffer;
  contentType?: string;
  encoding?: string;
  /** Says a longer Content-Length than there are bytes, and hangs up. */
  cutOff?: boolean;
}

const json = (text: string | Buffer): Body => ({ bytes: Buffer.from(text), contentType: 'application/json' });

/** Values that have broken others: as JSON text, put in place of a member of a valid body. */
const NASTY = [
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"😀"',
  '"\\r\\nX-Evil: 1"',
  `"${'x'.repeat(70_000)}"`,
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '-9007199254740993',
  '1.10',
  '2147483648',
  '99999999999999999999999999',
  '-0',
  'null',
  'true',
  '""',
  '{}',
  '[]',
  '[[[[[]]]]]',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":1,"a":2}',
  `${'['.repeat(101)}${']'.repeat(101)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  'NaN',
  '-Infinity',
  '01',
  "'single'",
];

/** Whole bodies that are hostile whatever the call. */
export const corpus: [name: string, body: Body][] = [
  ['nothing', { bytes: Buffer.alloc(0), contentType: 'application/json' }],
  ['a byte order mark', json('\ufeff{}')],
  ['not UTF-8', json(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))],
  ['UTF-16', { bytes: Buffer.from('{}', 'utf16le'), contentType: 'application/json; charset=utf-16' }],
  ['a scalar', json('1')],
  ['a list', json('[{}]')],
  ['deep lists', json('['.repeat(400_000))],
  ['deep objects', json('{"a":'.repeat(150_000))],
  ['a polluted prototype', json('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')],
  ['many keys', json(`{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":0`).join()}}`)],
  ['too much', json(Buffer.alloc(1_100_000, 0x20))],
  ['too much in one text', json(`{"target_url":"${'x'.repeat(1_100_000)}"}`)],
  ['a gzip bomb', { ...json(gzipSync(Buffer.alloc(50_000_000))), encoding: 'gzip' }],
  ['a brotli bomb', { ...json(brotliCompressSync(Buffer.alloc(50_000_000))), encoding: 'br' }],
  ['gzip that is none', { ...json('{}'), encoding: 'gzip' }],
  ['gzip cut short', { ...json(gzipSync('{"a":1}').subarray(0, 12)), encoding: 'gzip' }],
  ['an unknown coding', { ...json('{}'), encoding: 'zstd, rot13' }],
  ['no type', { bytes: Buffer.from('{}') }],
  ['XML', { bytes: Buffer.from('<a/>'), contentType: 'text/xml' }],
  ['a type that is none', { bytes: Buffer.from('{}'), contentType: ';;;=' }],
  ['a form of prototypes', form('__proto__.polluted=1&constructor.prototype.polluted=1')],
  ['a form of dots', form('.=1&..=2&a.=3&.a=4&a..b=5')],
  ['a deep form', form(`${'a.'.repeat(5000)}b=1`)],
  ['a form of many fields', form('a=1&'.repeat(5000))],
  ['a form that is not percent-encoded', form('a=%ff&%zz=1&b=%00')],
  [
    'a multipart form without its boundary',
    { bytes: Buffer.from('--x'), contentType: 'multipart/form-data' },
  ],
  [
    'a multipart form with another boundary',
    { bytes: Buffer.from('--y\r\n\r\n'), contentType: 'multipart/form-data; boundary=x' },
  ],
  ['an id beyond int', json('{"hook":2147483648,"instance":{"pk":1,"model":"package"}}')],
  ['less than it said', { ...json('{"target_url":'), cutOff: true }],
];

function form(text: string): Body {
  return { bytes: Buffer.from(text), contentType: 'application/x-www-form-urlencoded' };
}

/** Bodies near a valid one, where what is checked last is reached, and bodies that are anything at all. */
export function hostileBodies(valid: object): fc.Arbitrary<Body> {
  const whole = JSON.stringify(valid);
  const names = Object.keys(valid);
  const replaced = fc
    .tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...NASTY), fc.json({ maxDepth: 4 })))
    .map(([name, nasty]) => {
      const members = names.map((other) => {
        const value = other === name ? nasty : JSON.stringify((valid as Record<string, unknown>)[other]);
        return `${JSON.stringify(other)}:${value}`;
      });
      return json(`{${members.join()}}`);
    });
  const nested = fc.tuple(fc.constantFrom(...NASTY), fc.nat(), fc.boolean()).map(([nasty, at, key]) => {
    const places = [...whole.matchAll(key ? /"[^"]*":/g : /(?<=:)("[^"]*"|\d+|true|null)/g)];
    const place = places[at % places.length];
    if (!place) return json(whole);
    const text = key ? `${nasty.startsWith('"') ? nasty : JSON.stringify(nasty)}:` : nasty;
    return json(whole.slice(0, place.index) + text + whole.slice(place.index + place[0].length));
  });
  const doubled = fc
    .constantFrom(...names)
    .map((name) => json(`${whole.slice(0, -1)},${JSON.stringify(name)}:null}`));
  const cut = fc.nat({ max: whole.length - 1 }).map((length) => json(whole.slice(0, length)));
  const flipped = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(whole);
    bytes[at % bytes.length] = byte;
    return json(bytes);
  });
  const unharmed = fc.constant(json(whole));
  const anyJson = fc.json({ maxDepth: 6 }).map(json);
  const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => json(Buffer.from(bytes)));
  const anyForm = fc
    .array(fc.tuple(fc.constantFrom(...names, '__proto__', 'a.b'), fc.string({ unit: 'binary' })))
    .map((fields) => form(new URLSearchParams(fields).toString()));
  return fc.oneof(unharmed, replaced, nested, doubled, cut, flipped, anyJson, anyBytes, anyForm);
}
