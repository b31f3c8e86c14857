import { filterData, readMessage, UnreadableMessage } from './topic-message.ts';

const read = (value: unknown, headers: Record<string, string> = {}, key: string | null = null) =>
  readMessage({
    key,
    headers,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  });

describe('A message', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['its field', { eventType: 'UserCreated', state: 'on' }, {}],
    ['its field rather than the header', { eventType: 'UserCreated' }, { eventType: 'Other' }],
    ['a header', { state: 'on' }, { EventType: 'UserCreated' }],
    ['a structured CloudEvent', { specversion: '1.0', type: 'UserCreated', id: '1', source: '/' }, {}],
    ['a binary CloudEvent', { state: 'on' }, { ce_specversion: '1.0', ce_type: 'UserCreated' }],
  ])('has its event type from %s', (_, value, headers) => {
    expect(read(value, headers).eventType).toBe('UserCreated');
  });

  it.each<[string, unknown, Record<string, string>, object, unknown]>([
    ['itself', { eventType: 'T', state: 'on', data: { state: 'off' } }, {}, { state: 'on' }, 'on'],
    ['its event', { eventType: 'T', event: { state: 'on' } }, {}, { eventType: 'T' }, 'on'],
    [
      'the data of a CloudEvent',
      { specversion: '1.0', type: 'T', data: { state: 'on' } },
      {},
      { type: 'T' },
      'on',
    ],
    [
      'the value of a binary one',
      { state: 'on' },
      { ce_specversion: '1.0', ce_type: 'T' },
      { type: 'T' },
      'on',
    ],
  ])('has for a body %s', (_, value, headers, fields, state) => {
    const data = filterData(read(value, headers));
    expect(data).toMatchObject({ ...fields, $eventType: 'T' });
    expect((data.event as { state: unknown }).state).toBe(state);
  });

  it.each<[unknown, Record<string, string>, string]>([
    [{ eventType: 'T', id: 7 }, {}, '7'],
    [{ eventType: 'T', pk: 'p' }, {}, 'p'],
    [{ eventType: 'T', id: 'outer', event: { id: 'inner' } }, {}, 'inner'],
    [{ specversion: '1.0', type: 'T', id: 'of the event', subject: 'user/7' }, {}, 'of the event'],
    [{ specversion: '1.0', type: 'T', id: 'of the event', data: {}, subject: 'user/7' }, {}, 'user/7'],
    [{ eventType: 'T' }, {}, 'the key'],
    [{ eventType: 'T', id: 'a\0b' }, {}, 'the key'],
    [{ eventType: 'T', id: 'x'.repeat(256) }, {}, 'the key'],
  ])('%j %j is about %s', (value, headers, objectId) => {
    expect(read(value, headers, 'the key').objectId).toBe(objectId);
  });

  it('keeps its text, and takes tenant and trace from headers', () => {
    const text = '{ "eventType": "T", "price": 1.10, "n": 12345678901234567890 }';
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    expect(read(text, { 'X-COREOS-TID': 'acme', traceparent })).toMatchObject({
      text,
      tenant: 'acme',
      traceparent,
    });
    expect(read(text, { traceparent: 'x' })).toMatchObject({ tenant: null, traceparent: null, objectId: '' });
  });

  it('cannot be read when it names a tenant that cannot be', () => {
    expect(() => read({ eventType: 'T' }, { 'X-COREOS-TID': 'a b' })).toThrow(/X-COREOS-TID must be/);
    expect(read({ eventType: 'T' }, { 'X-COREOS-TID': ' ' }).tenant).toBeNull();
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['no JSON', '{', /JSON parse error/],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
    ['empty', '', /JSON parse error/],
    ['a list', '[{"eventType":"T"}]', /no object/],
    ['without an event type', '{"type":"T"}', /no event type/],
    ['with one that is no text', '{"eventType":7}', /no event type/],
    ['nested too deep', `{"eventType":"T","a":${'['.repeat(200)}${']'.repeat(200)}}`, /nest|deep/i],
    ['too large', `{"eventType":"T","a":"${'x'.repeat(1024 * 1024)}"}`, /larger than 1048576 bytes/],
  ])('that is %s cannot be read', (_, value, reason) => {
    const message = { key: null, headers: {}, value: Buffer.from(value) };
    expect(() => readMessage(message)).toThrow(UnreadableMessage);
    expect(() => readMessage(message)).toThrow(reason);
  });
});
