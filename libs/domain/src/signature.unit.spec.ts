import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isBrokenStandardSecret, standardSignature, whispererSignature } from './signature.ts';

describe('whispererSignature', () => {
  it('is the HMAC-SHA256 of RFC 4231, test case 2', () => {
    expect(whispererSignature('Jefe', 'what do ya want for nothing?')).toBe(
      'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('keys with the UTF-8 bytes of any secret, whsec_ included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'grapheme' }),
        (secret, body) => {
          for (const written of [secret, `whsec_${secret}`]) {
            const expected = createHmac('sha256', Buffer.from(written, 'utf8'))
              .update(Buffer.from(body, 'utf8'))
              .digest('hex');
            expect(whispererSignature(written, body)).toBe(`sha256=${expected}`);
            expect(whispererSignature(written, Buffer.from(body))).toBe(`sha256=${expected}`);
          }
        },
      ),
    );
  });
});

describe('standardSignature', () => {
  it('agrees with the vector that the Standard Webhooks libraries are tested with', () => {
    expect(
      standardSignature(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each(['whsec_', 'whsec_abc', 'whsec_=', 'whsec_ab=c', 'whsec_YWJj YWJj', 'whsec_YW_-', 'whsec_şifre'])(
    'keys with the UTF-8 bytes of %j, which has no base64 to decode, and never with an empty key',
    (secret) => {
      const digest = createHmac('sha256', Buffer.from(secret, 'utf8')).update('id.1.{}').digest('base64');
      expect(standardSignature(secret, 'id', 1, '{}')).toBe(`v1,${digest}`);
      expect(isBrokenStandardSecret(secret)).toBe(true);
    },
  );

  it('keys with the decoded bytes of a whsec_ secret, and with the UTF-8 bytes of any other', () => {
    const body = '{"payload":"ş🚀"}';
    const signed = (key: Uint8Array) =>
      `v1,${createHmac('sha256', key).update(`id-1.1700000000.${body}`, 'utf8').digest('base64')}`;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (key) => {
        const base64 = Buffer.from(key).toString('base64');
        expect(isBrokenStandardSecret(`whsec_${base64}`) || isBrokenStandardSecret(base64)).toBe(false);
        expect(standardSignature(`whsec_${base64}`, 'id-1', 1_700_000_000, body)).toBe(signed(key));
        expect(standardSignature(base64, 'id-1', 1_700_000_000, Buffer.from(body))).toBe(
          signed(Buffer.from(base64)),
        );
      }),
    );
  });
});
