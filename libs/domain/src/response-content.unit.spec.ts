import fc from 'fast-check';
import { formatResponseContent, pythonBytesRepr } from './response-content.ts';

/** What CPython 3.11 prints for repr(bytes(range(256))). */
const EVERY_BYTE = [
  "b'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n\\x0b\\x0c\\r\\x0e\\x0f\\x10",
  '\\x11\\x12\\x13\\x14\\x15\\x16\\x17\\x18\\x19\\x1a\\x1b\\x1c\\x1d\\x1e\\x1f !"#',
  "$%&\\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`a",
  'bcdefghijklmnopqrstuvwxyz{|}~\\x7f\\x80\\x81\\x82\\x83\\x84\\x85\\x86\\x8',
  '7\\x88\\x89\\x8a\\x8b\\x8c\\x8d\\x8e\\x8f\\x90\\x91\\x92\\x93\\x94\\x95\\x96\\x9',
  '7\\x98\\x99\\x9a\\x9b\\x9c\\x9d\\x9e\\x9f\\xa0\\xa1\\xa2\\xa3\\xa4\\xa5\\xa6\\xa',
  '7\\xa8\\xa9\\xaa\\xab\\xac\\xad\\xae\\xaf\\xb0\\xb1\\xb2\\xb3\\xb4\\xb5\\xb6\\xb',
  '7\\xb8\\xb9\\xba\\xbb\\xbc\\xbd\\xbe\\xbf\\xc0\\xc1\\xc2\\xc3\\xc4\\xc5\\xc6\\xc',
  '7\\xc8\\xc9\\xca\\xcb\\xcc\\xcd\\xce\\xcf\\xd0\\xd1\\xd2\\xd3\\xd4\\xd5\\xd6\\xd',
  '7\\xd8\\xd9\\xda\\xdb\\xdc\\xdd\\xde\\xdf\\xe0\\xe1\\xe2\\xe3\\xe4\\xe5\\xe6\\xe',
  '7\\xe8\\xe9\\xea\\xeb\\xec\\xed\\xee\\xef\\xf0\\xf1\\xf2\\xf3\\xf4\\xf5\\xf6\\xf',
  "7\\xf8\\xf9\\xfa\\xfb\\xfc\\xfd\\xfe\\xff'",
].join('');

describe('pythonBytesRepr', () => {
  it('shows each of the 256 bytes as Python does', () => {
    expect(pythonBytesRepr(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))).toBe(EVERY_BYTE);
  });

  /** Bytes in hexadecimal, and what CPython 3.11 prints for their repr. */
  it.each([
    ['6f6b', String.raw`b'ok'`],
    ['c59f', String.raw`b'\xc5\x9f'`],
    ['', String.raw`b''`],
    ['69742773', String.raw`b"it's"`],
    ['7361792022686922', String.raw`b'say "hi"'`],
    ['697427732022626f746822', String.raw`b'it\'s "both"'`],
    ['27', String.raw`b"'"`],
    ['22', String.raw`b'"'`],
    ['5c27', String.raw`b"\\'"`],
    ['74616209686572650d0a', String.raw`b'tab\there\r\n'`],
    ['6261636b5c736c617368', String.raw`b'back\\slash'`],
    ['f09f9a80', String.raw`b'\xf0\x9f\x9a\x80'`],
    ['007f80ff', String.raw`b'\x00\x7f\x80\xff'`],
    ['62276f6b27', String.raw`b"b'ok'"`],
  ])('shows the bytes %s as %s', (hex, repr) => {
    expect(pythonBytesRepr(Buffer.from(hex, 'hex'))).toBe(repr);
  });

  it('is printable ASCII in quotes that its text does not break out of', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const repr = pythonBytesRepr(Buffer.from(bytes));
        expect(repr).toMatch(/^b'(?:[^'\\]|\\.)*'$|^b"(?:[^"\\]|\\.)*"$/);
        expect(repr).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('formatResponseContent', () => {
  it('shows an answer as text, or as dj-whisperer stored it', () => {
    const content = Buffer.from('tamam ş');
    expect(formatResponseContent(content, 'plain')).toBe('tamam ş');
    expect(formatResponseContent(content, 'python-bytes')).toBe(String.raw`b'tamam \xc5\x9f'`);
  });

  it('shows bytes that are no text without failing', () => {
    expect(formatResponseContent(Buffer.from([0x6f, 0xff, 0x00, 0x6b]), 'plain')).toBe('o\ufffd\u0000k');
  });
});
