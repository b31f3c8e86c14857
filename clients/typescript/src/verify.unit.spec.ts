import { createHmac } from 'node:crypto';
import { verify, VerificationError, type VerifyOptions } from './verify.ts';

/** As the two specifications say; that the dispatcher signs so is shown end to end. */
const whispererSignature = (secret: string, signed: string) =>
  `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
function standardSignature(secret: string, id: string, timestamp: number, signed: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${signed}`).digest('base64')}`;
}

const NOW = 1_795_261_843;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'fe297072-ac6a-47b4-bc9e-5f4a78800223';
const body =
  '{"event":{"type":"package.created","uuid":"fe297072ac6a47b4bc9e5f4a78800223"},"payload":{"id": 8812}}';

const sent = (...secrets: string[]) => ({
  body: Buffer.from(body),
  headers: {
    'webhook-id': ID,
    'webhook-timestamp': String(NOW),
    'webhook-signature': secrets.map((secret) => standardSignature(secret, ID, NOW, body)).join(' '),
    'x-whisperer-signature': whispererSignature(secrets[0] ?? '', body),
    ...(secrets[1] !== undefined && {
      'x-whisperer-signature-previous': whispererSignature(secrets[1], body),
    }),
  },
});
const at = (seconds: number, options: Partial<VerifyOptions> = {}): VerifyOptions => ({
  secret: SECRET,
  now: () => seconds * 1000,
  ...options,
});

describe.each(['standard', 'whisperer'] as const)('verify, %s', (kind) => {
  it('answers the delivery of a request that is signed with the secret', () => {
    expect(verify(sent(SECRET), at(NOW, { kind }))).toEqual(JSON.parse(body));
    expect(verify({ ...sent('plain text'), body }, at(NOW, { kind, secret: 'plain text' }))).toEqual(
      JSON.parse(body),
    );
  });

  it('takes the headers of fetch, and those of Node in any case', () => {
    const { headers } = sent(SECRET);
    expect(() => verify({ body, headers: new Headers(headers) }, at(NOW, { kind }))).not.toThrow();
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect(() => verify({ body, headers: upper }, at(NOW, { kind }))).not.toThrow();
  });

  it('refuses another body, another secret, and a signature that is missing or cut', () => {
    const request = sent(SECRET);
    const refused = (changed: object, options = at(NOW, { kind })) =>
      expect(() => verify({ ...request, ...changed }, options)).toThrow(VerificationError);
    refused({ body: body.replace('8812', '8813') });
    refused({}, at(NOW, { kind, secret: 'another' }));
    refused({ headers: {} });
    const cut = Object.entries(request.headers).map(([name, value]) => [
      name,
      name.includes('signature') ? value.slice(0, -4) : value,
    ]);
    refused({ headers: Object.fromEntries(cut) });
  });

  it('goes on while the secret is replaced, at whichever end first', () => {
    const both = sent('the new one', SECRET);
    expect(() => verify(both, at(NOW, { kind }))).not.toThrow();
    expect(() => verify(both, at(NOW, { kind, secret: 'the new one' }))).not.toThrow();
    expect(() => verify(sent(SECRET), at(NOW, { kind, secret: ['the new one', SECRET] }))).not.toThrow();
  });

  it('does not verify with no secret', () => {
    expect(() => verify(sent(''), at(NOW, { kind, secret: '' }))).toThrow('needs a secret');
    expect(() => verify(sent(''), at(NOW, { kind, secret: [] }))).toThrow('needs a secret');
  });
});

describe('verify, the time', () => {
  it('refuses a request of another time than now', () => {
    for (const seconds of [NOW - 300, NOW, NOW + 300])
      expect(() => verify(sent(SECRET), at(seconds))).not.toThrow();
    for (const seconds of [NOW - 301, NOW + 301])
      expect(() => verify(sent(SECRET), at(seconds))).toThrow('too far from now');
    expect(() => verify(sent(SECRET), at(NOW + 301, { toleranceSeconds: 600 }))).not.toThrow();
  });

  it('refuses a timestamp that was not signed, and one that is none', () => {
    const request = sent(SECRET);
    const later = { ...request.headers, 'webhook-timestamp': String(NOW + 9) };
    expect(() => verify({ body, headers: later }, at(NOW))).toThrow('The signature is wrong.');
    const none = { ...request.headers, 'webhook-timestamp': 'now' };
    expect(() => verify({ body, headers: none }, at(NOW))).toThrow(VerificationError);
  });
});
