import { EVENT_CATALOGUE } from '@oms-webhooks/domain';
import { ApiError, partial, validate } from '@oms-webhooks/http';
import fc from 'fast-check';
import { webhookBody } from './webhook-body.ts';

const schema = webhookBody(EVENT_CATALOGUE);
const needed = { target_url: 'https://partner.test/hook', event_type: 'package.created' };

function messages(body: unknown): unknown {
  try {
    return { taken: validate(schema, body) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error.body;
    throw error;
  }
}
const taken = (fields: object) => (messages({ ...needed, ...fields }) as { taken: object }).taken;
const refusal = (fields: object) => messages({ ...needed, ...fields });

describe('webhookBody', () => {
  it('asks for target and event type, and for nothing else', () => {
    const required = ['This field is required.'];
    expect(messages({})).toEqual({ target_url: required, event_type: required });
    expect(taken({})).toEqual(needed);
  });

  it('takes an event type written with dashes as its dotted name', () => {
    expect(taken({ event_type: 'package-status-packed_for_refund' })).toMatchObject({
      event_type: 'package.status.packed_for_refund',
    });
    expect(refusal({ event_type: 'x' })).toEqual({ event_type: ['"x" is not a valid choice.'] });
  });

  it.each([
    ['target_url', 255],
    ['secret_key', 124],
    ['event_type', 124],
    ['callback', 64],
  ])('limits %s to %d characters', (field, limit) => {
    expect(refusal({ [field]: 'x'.repeat(limit + 1) })).toEqual({
      [field]: [`Ensure this field has no more than ${limit} characters.`],
    });
  });

  it('lets secret and callback be blank or null, and no other text', () => {
    expect(taken({ secret_key: null, callback: '' })).toMatchObject({ secret_key: null, callback: '' });
    expect(refusal({ target_url: '', event_type: null })).toEqual({
      target_url: ['This field may not be blank.'],
      event_type: ['This field may not be null.'],
    });
  });

  it('takes a secret as Standard Webhooks writes it only where it can be decoded', () => {
    const secret_key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(taken({ secret_key })).toMatchObject({ secret_key });
    for (const broken of ['whsec_', 'whsec_swordfish'])
      expect(refusal({ secret_key: broken })).toEqual({
        secret_key: ['A secret that begins with whsec_ must go on in base64.'],
      });
  });

  it('takes a secret of blanks for none', () => {
    expect(taken({ secret_key: ' \t ' })).toMatchObject({ secret_key: '' });
  });

  it.each([
    'https://a.test/#here',
    'https://a.test/#',
    'https://a.test/a b',
    'https://a.test/a\tb',
    'https://a .test/',
  ])('refuses the target %j, which could not be sent to as it is shown', (target_url) => {
    expect(refusal({ target_url })).toEqual({ target_url: ['Enter a valid URL.'] });
    expect(taken({ target_url: 'https://a.test/a%20b?c=%23' })).toBeDefined();
  });

  it.each(['https://a.test/login#', 'https://a.test/log in'])('refuses the log-in at %j alike', (url) => {
    const auth = { auth_type: 'token', url, username: 'u', password: 'p' };
    expect(refusal({ config: { auth } })).toEqual({ config: { auth: { url: ['Enter a valid URL.'] } } });
  });

  it.each(['webhook-id', 'Webhook-Timestamp', 'WEBHOOK-SIGNATURE', 'X-Whisperer-Signature'])(
    'refuses the header %s, without which nobody could verify a request',
    (name) => {
      expect(refusal({ additional_headers: { [name]: 'x' } })).toEqual({
        additional_headers: [`${name} is a part of the signature and cannot be replaced.`],
      });
    },
  );

  it('bounds the size of all headers together', () => {
    const headers = (length: number) => ({ 'X-A': 'a'.repeat(8000), 'X-B': 'b'.repeat(length - 8006) });
    expect(taken({ additional_headers: headers(16_384) })).toBeDefined();
    expect(refusal({ additional_headers: headers(16_385) })).toEqual({
      additional_headers: ['Ensure the headers have no more than 16384 bytes in all.'],
    });
  });

  it.each([
    [{ choice: 'fixed', kwargs: { seconds: '60' } }, { seconds: 60 }],
    [
      { choice: 'linear', kwargs: { base: 2, limit: null, x: 1 } },
      { base: 2, limit: null },
    ],
    [
      { choice: 'exponential', kwargs: { base: 2 } },
      { base: 2, factor: 1 },
    ],
    [
      { choice: 'random', kwargs: { min_value: 1, max_value: 2 } },
      { min_value: 1, max_value: 2 },
    ],
  ])('takes the countdown %j', (config, kwargs) => {
    expect(taken({ retry_countdown_config: config })).toMatchObject({
      retry_countdown_config: { choice: config.choice, kwargs },
    });
  });

  it.each([
    [{ choice: 'foo', kwargs: {} }, { choice: ['"foo" is not a valid choice.'] }],
    [{ choice: 'fixed', kwargs: {} }, { kwargs: { seconds: ['This field is required.'] } }],
    [
      { choice: 'fixed', kwargs: { seconds: -1 } },
      { kwargs: { seconds: ['Ensure this value is greater than or equal to 0.'] } },
    ],
    [
      { choice: 'exponential', kwargs: { base: 2, factor: 0 } },
      { kwargs: { factor: ['Ensure this value is greater than or equal to 1.'] } },
    ],
    [{ choice: 'linear', kwargs: { base: 'x' } }, { kwargs: { base: ['A valid integer is required.'] } }],
    [
      { choice: 'random', kwargs: { min_value: 2, max_value: 2 } },
      { kwargs: { non_field_errors: ["'max_value' must be greater than 'min_value'."] } },
    ],
    [{}, { choice: ['This field is required.'], kwargs: ['This field is required.'] }],
    ['fixed', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
    [null, ['This field may not be null.']],
  ])('refuses the countdown %j', (config, outcome) => {
    expect(refusal({ retry_countdown_config: config })).toEqual({ retry_countdown_config: outcome });
  });

  it('asks of a changed countdown what it asks of a new one', () => {
    expect(() => validate(partial(schema), { retry_countdown_config: { choice: 'fixed' } })).toThrow(
      expect.objectContaining({
        body: { retry_countdown_config: { kwargs: ['This field is required.'] } },
      }) as Error,
    );
  });

  it('takes headers that can be sent, exactly as they are', () => {
    const headers = { 'X-Shop': ' a\té ', x_1: '', 'X-Number': 5 };
    expect(taken({ additional_headers: headers })).toMatchObject({
      additional_headers: { ...headers, 'X-Number': '5' },
    });
    expect(taken({ additional_headers: null })).toMatchObject({ additional_headers: null });
  });

  it.each([
    [{ 'X-A': 'a\r\nX-B: b' }],
    [{ 'X-A': 'a\n' }],
    [{ 'X-A': 'a\0' }],
    [{ 'X-A': 'ş' }],
    [{ 'X-A': null }],
    [{ 'X-A': { b: 1 } }],
    [{ 'X A': 'a' }],
    [{ '': 'a' }],
    [{ 'X-A:': 'a' }],
    [{ 'X-A\r\nX-B': 'a' }],
    [[]],
    ['X-A: a'],
  ])('refuses the headers %j', (headers) => {
    expect(refusal({ additional_headers: headers })).toEqual({
      additional_headers: expect.anything() as unknown,
    });
  });

  const names = fc.oneof(fc.string(), fc.constantFrom('X-A', 'x_b', 'x c', ''));
  const values = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));

  it('answers any headers with nothing but what HTTP can carry, or with 400', () => {
    fc.assert(
      fc.property(fc.dictionary(names, values), (additional_headers) => {
        const answer = refusal({ additional_headers }) as {
          taken?: { additional_headers: Record<string, string> };
        };
        if (answer.taken) expect(() => new Headers(answer.taken?.additional_headers)).not.toThrow();
      }),
    );
  });

  // PostgreSQL keeps their escapes in a json column, and then fails every query that reads the member as text.
  it.each([
    [{ note: 'a\0' }, 'Null characters are not allowed.'],
    [{ 'a\0': 1 }, 'Null characters are not allowed.'],
    [{ shop: [{ deep: [null, { 'k\0': 1 }] }] }, 'Null characters are not allowed.'],
    [{ auth: { auth_type: 'bearer', token: 't', note: '\0' } }, 'Null characters are not allowed.'],
    [{ note: '\ud800' }, 'Surrogate characters are not allowed: U+D800.'],
    [{ shop: { '\udc00a': [] } }, 'Surrogate characters are not allowed: U+DC00.'],
  ])('refuses the config %j, which cannot be stored', (config, message) => {
    expect(refusal({ config })).toEqual({ config: [message] });
    expect(() => validate(partial(schema), { config })).toThrow(ApiError);
  });

  it('refuses what cannot be stored in headers, and drops it from a countdown', () => {
    for (const additional_headers of [
      { 'X-A': '\0' },
      { 'X-\0': 'a' },
      { '\ud800': 'a' },
      { 'X-A': '\ud800' },
    ])
      expect(refusal({ additional_headers })).toEqual({ additional_headers: expect.anything() as unknown });
    const retry_countdown_config = { choice: 'fixed', 'a\0': 1, kwargs: { seconds: 1, note: '\0' } };
    expect(taken({ retry_countdown_config })).toMatchObject({
      retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 1 } },
    });
  });

  it('checks our own settings and keeps the others', () => {
    const config = {
      rate_limit: 0.5,
      ordered: true,
      auth: { auth_type: 'bearer', token: 't', note: 1 },
      shop: { a: [null] },
    };
    expect(taken({ config })).toMatchObject({ config });
    expect(refusal({ config: { max_attempts: 0, rate_limit: 'x', on_exhausted: 'stop' } })).toEqual({
      config: {
        max_attempts: ['Ensure this value is greater than or equal to 1.'],
        rate_limit: ['A valid number is required.'],
        on_exhausted: ['"stop" is not a valid choice.'],
      },
    });
  });

  it.each([
    [{ auth_type: 'basic', username: 'u' }, { password: ['This field is required.'] }],
    [{ auth_type: 'digest' }, { auth_type: ['"digest" is not a valid choice.'] }],
    [{ token: 't' }, { auth_type: ['This field is required.'] }],
    [{ auth_type: 'bearer', token: 'a\nb' }, { token: [expect.stringContaining('Line breaks')] }],
    [
      { auth_type: 'token', username: 'u', password: ' ', header_format: '' },
      { url: ['This field is required.'], header_format: ['This field may not be blank.'] },
    ],
    ['basic', { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] }],
  ])('refuses the auth %j', (auth, outcome) => {
    expect(refusal({ config: { auth } })).toEqual({ config: { auth: outcome } });
  });
});
