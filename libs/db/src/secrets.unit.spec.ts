import fc from 'fast-check';
import { SecretsError, secretsOf } from './secrets.ts';

const OLD = 'the old key of the house';
const NEW = 'the new key of the house';
const old = secretsOf(OLD);
const rotating = secretsOf(`${NEW}, ${OLD}`);
const plain = secretsOf(undefined);

describe('secrets with a key', () => {
  it('come back as they were given, whatever text they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(0xffff)), (text, units) => {
        for (const secret of [text, String.fromCharCode(...units)]) {
          const sealed = old.seal(secret);
          expect(old.open(sealed)).toBe(secret);
          expect(sealed).toMatch(/^oms-secret:1:[0-9a-f]{8}:[\w-]+$/);
        }
      }),
    );
  });

  it('are encrypted differently each time, and do not show what they are', () => {
    expect(old.seal('swordfish')).not.toBe(old.seal('swordfish'));
    expect(
      Buffer.from(old.seal('swordfish').split(':')[3] ?? '', 'base64url').toString('utf16le'),
    ).not.toContain('sword');
  });

  it('are read as they are when they were stored before there was a key', () => {
    expect(old.open('swordfish')).toBe('swordfish');
  });

  it('are encrypted with the first key and read with any', () => {
    expect(rotating.open(old.seal('swordfish'))).toBe('swordfish');
    expect(() => old.open(rotating.seal('swordfish'))).toThrow(
      /is encrypted with the key [0-9a-f]{8}, and SECRETS_KEY has only [0-9a-f]{8}\.$/,
    );
    expect(secretsOf(NEW).open(rotating.seal('swordfish'))).toBe('swordfish');
  });

  it('are never read where anything of them was changed', () => {
    const sealed = old.seal('swordfish');
    fc.assert(
      fc.property(fc.integer({ min: 22, max: sealed.length - 2 }), (at) => {
        const other = sealed[at] === 'A' ? 'B' : 'A';
        expect(() => old.open(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`)).toThrow(SecretsError);
      }),
    );
    for (const length of [22, 30, 60]) expect(() => old.open(sealed.slice(0, length))).toThrow(/is damaged/);
  });
});

describe('secrets without a key', () => {
  it('are stored as given, and are not read when they are encrypted', () => {
    expect(plain.seal('swordfish')).toBe('swordfish');
    expect(() => plain.open(old.seal('swordfish'))).toThrow(/SECRETS_KEY is not set/);
  });

  it('may themselves look encrypted', () => {
    for (const secret of ['oms-secret:1:00000000:AAAA', 'oms-secret:0:x', 'oms-secret:'])
      for (const secrets of [plain, old]) expect(secrets.open(secrets.seal(secret))).toBe(secret);
    expect(old.open(plain.seal('oms-secret:1:00000000:AAAA'))).toBe('oms-secret:1:00000000:AAAA');
  });

  it('of a later version are refused in words', () => {
    expect(() => plain.open('oms-secret:7:a:b')).toThrow(/form that this version does not know/);
  });
});

it('a key of fewer than 16 characters is refused, in a list too, and never repeated', () => {
  for (const setting of ['short', `${OLD},short`, `${OLD},`])
    expect(() => secretsOf(setting)).toThrow(/^SECRETS_KEY: each key must have at least 16 characters\.$/);
});
