import { standardSignature as ofDomain, whispererSignature as hexOfDomain } from '@oms-webhooks/domain';
import fc from 'fast-check';
import { standardSignature, whispererSignature } from './signatures.ts';

const standardSecret = fc
  .uint8Array({ minLength: 1, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
const secret = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), standardSecret);

describe('signatures made in the browser are those of the dispatcher', () => {
  it('of X-Whisperer-Signature', () =>
    fc.assert(
      fc.asyncProperty(secret, fc.string({ unit: 'binary' }), async (key, body) => {
        expect(await whispererSignature(key, body)).toBe(hexOfDomain(key, body));
      }),
    ));

  it('of webhook-signature', () =>
    fc.assert(
      fc.asyncProperty(
        secret,
        fc.uuid(),
        fc.nat(),
        fc.string({ unit: 'binary' }),
        async (key, id, at, body) => {
          expect(await standardSignature(key, id, at, body)).toBe(ofDomain(key, id, at, body));
        },
      ),
    ));
});
