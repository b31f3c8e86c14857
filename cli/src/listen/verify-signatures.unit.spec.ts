import { standardSignature, whispererSignature } from '@oms-webhooks/domain';
import { verifySignatures } from './verify-signatures.ts';

const NOW = 1_700_000_000;
const body = Buffer.from('{"event":{}}');
const headers = (secret: string, timestamp = NOW) => ({
  'x-whisperer-signature': whispererSignature(secret, body),
  'webhook-id': 'one',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': standardSignature(secret, 'one', timestamp, body),
});

describe('the signatures of a request', () => {
  it.each(['example-secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'are both valid with %s',
    (secret) => {
      expect(verifySignatures(secret, headers(secret), body, NOW)).toEqual({
        whisperer: 'valid',
        standard: 'valid',
      });
    },
  );

  it('are wrong with another secret, and over another body', () => {
    const wrong = { whisperer: 'wrong', standard: 'wrong' };
    expect(verifySignatures('other', headers('example-secret'), body, NOW)).toEqual(wrong);
    expect(verifySignatures('example-secret', headers('example-secret'), Buffer.from('{}'), NOW)).toEqual(
      wrong,
    );
  });

  it('are missing where there are none', () => {
    expect(verifySignatures('example-secret', {}, body, NOW)).toEqual({
      whisperer: 'missing',
      standard: 'missing',
    });
  });

  it('are told from repetitions by the timestamp, which Standard Webhooks signs', () => {
    const old = headers('example-secret', NOW - 301);
    expect(verifySignatures('example-secret', old, body, NOW)).toEqual({
      whisperer: 'valid',
      standard: 'too old',
    });
    const forged = { ...old, 'webhook-timestamp': String(NOW) };
    expect(verifySignatures('example-secret', forged, body, NOW).standard).toBe('wrong');
    expect(
      verifySignatures('example-secret', { ...old, 'webhook-timestamp': '1e9' }, body, NOW).standard,
    ).toBe('wrong');
  });

  it('are valid with the secret before, while it is being changed', () => {
    const one = headers('new');
    const other = headers('old');
    const both = {
      ...one,
      'x-whisperer-signature-previous': other['x-whisperer-signature'],
      'webhook-signature': `${one['webhook-signature']} ${other['webhook-signature']}`,
    };
    for (const secret of ['new', 'old'])
      expect(verifySignatures(secret, both, body, NOW)).toEqual({ whisperer: 'valid', standard: 'valid' });
  });
});
