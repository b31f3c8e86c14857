import fc from 'fast-check';
import { decodeDispatchMessage, encodeDispatchMessage } from './dispatch-message.ts';
import type { AttemptCause, DispatchedEvent } from './webhook-event.ts';

const text = fc.string({ unit: 'binary' });
const event: fc.Arbitrary<DispatchedEvent> = fc.record({
  id: fc.maxSafeNat(),
  createdDate: fc.maxSafeNat(),
  uuid: fc.uuid(),
  webhookId: fc.nat(),
  eventType: text,
  contentType: fc.option(fc.nat()),
  objectId: text,
  payload: fc.option(fc.oneof(fc.json(), fc.constant('{"n":1152921504606846977,"a":1.10,"a":"🚀"}'))),
  lookupPath: fc.option(text),
  attempts: fc.nat(),
  cause: fc.constantFrom<AttemptCause>('countdown', 'resend'),
  lease: fc.maxSafeNat(),
  traceparent: fc.option(text),
  ordered: fc.boolean(),
});

describe('a dispatch message', () => {
  it('brings the events of a commit to the dispatcher as they were', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(decodeDispatchMessage(Buffer.from(encodeDispatchMessage(events)))).toEqual(events);
      }),
    );
  });

  it('is read as well when it comes from the version before, which knew no look-up paths', () => {
    fc.assert(
      fc.property(event, (event) => {
        const old = JSON.stringify({ version: 1, events: [{ ...event, lookupPath: undefined }] });
        expect(decodeDispatchMessage(Buffer.from(old))).toEqual([{ ...event, lookupPath: null }]);
      }),
    );
  });

  it.each([
    ['', SyntaxError],
    ['{"version":1,"events":[', SyntaxError],
    ['null', TypeError],
    ['7', TypeError],
    ['[]', TypeError],
    ['{}', TypeError],
    ['{"version":2,"events":[]}', TypeError],
    ['{"version":1}', TypeError],
    ['{"version":1,"events":{}}', TypeError],
    ['{"version":1,"events":[null]}', TypeError],
    ['{"version":1,"events":[{}]}', TypeError],
    ['{"version":1,"events":[{"id":"1","webhookId":2,"lease":3}]}', TypeError],
    ['{"version":1,"events":[{"id":1,"webhookId":2}]}', TypeError],
  ])('%j is refused', (value, error) => {
    expect(() => decodeDispatchMessage(Buffer.from(value))).toThrow(error);
  });

  // An instant that is none failed the claim of every event that had come with it: they waited for their leases.
  it.each([
    ['id', -1],
    ['id', 1.5],
    ['createdDate', undefined],
    ['createdDate', 'x'],
    ['lease', 1e300],
    ['webhookId', null],
    ['contentType', '4'],
    ['attempts', -1],
    ['uuid', 7],
    ['eventType', undefined],
    ['objectId', 8812],
    ['payload', {}],
    ['lookupPath', 7],
    ['payload', undefined],
    ['traceparent', 0],
  ])('is refused as a whole where one event has the %s %j', (field, value) => {
    fc.assert(
      fc.property(event, event, (good, other) => {
        const bad = { ...other, [field]: value };
        const message = Buffer.from(encodeDispatchMessage([good, bad]));
        expect(() => decodeDispatchMessage(message)).toThrow(TypeError);
      }),
      { numRuns: 10 },
    );
  });
});
