import fc from 'fast-check';
import { readCloudEvent } from './cloud-event.ts';

const event = {
  specversion: '1.0',
  id: '1',
  source: '/oms',
  type: 'package.created',
  subject: 'package/8812',
};

describe('readCloudEvent', () => {
  it('reads type, object and identity', () => {
    expect(
      readCloudEvent({ ...event, time: '2026-11-21T10:00:00Z', datacontenttype: 'application/json' }),
    ).toEqual({
      eventType: 'package.created',
      model: 'package',
      pk: '8812',
      identity: '["/oms","1"]',
      traceparent: undefined,
    });
    // Only the first slash divides.
    expect(readCloudEvent({ ...event, subject: 'package/a/b' })).toMatchObject({
      model: 'package',
      pk: 'a/b',
    });
  });

  it('has the same identity for the same id and source only', () => {
    const identity = (id: string, source: string) => {
      const read = readCloudEvent({ ...event, id, source });
      return 'identity' in read ? read.identity : undefined;
    };
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, (id, source, otherId, otherSource) => {
        const same = id === otherId && source === otherSource;
        expect(identity(id, source) === identity(otherId, otherSource)).toBe(same);
      }),
    );
  });

  it.each([
    [{ specversion: '0.3' }, { specversion: ['"0.3" is not a valid choice.'] }],
    [
      { id: undefined, source: '' },
      { id: ['This field is required.'], source: ['This field may not be blank.'] },
    ],
    [{ type: 7 }, { type: ['Not a valid string.'] }],
    [{ datacontenttype: 'text/xml' }, { datacontenttype: ['Only JSON is taken.'] }],
    [{ data_base64: 'e30=' }, { data_base64: ['Only JSON is taken, in "data".'] }],
  ])('tells of %j what is wrong', (changes, faults) => {
    expect(readCloudEvent({ ...event, ...changes })).toEqual({ faults });
  });

  it.each(['package', '/8812', 'package/'])('takes no object from the subject %j', (subject) => {
    expect(readCloudEvent({ ...event, subject })).toEqual({
      faults: { subject: ['Must name the object as "<model>/<pk>", like "package/8812".'] },
    });
  });
});
