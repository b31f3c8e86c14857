import { Ledger } from '../load/ledger.ts';
import type { Arrival } from '../load/receivers.ts';
import type { Fault } from '../machine/inflict.ts';
import type { RecordedAttempt } from './duplicates.ts';
import { judge, type Evidence } from './judge.ts';

/** Event `number` of the object's line, published at `100 * number`. */
function acknowledged(count: number): Ledger {
  const ledger = new Ledger();
  for (let number = 0; number < count; number += 1) {
    const sentAt = 100 * number;
    const event = {
      key: `key ${number}`,
      uuid: `uuid ${number}`,
      receiver: 'ordered',
      line: 'object 1',
      number,
    };
    ledger.note('202');
    ledger.acknowledge({ ...event, sentAt, acknowledgedAt: sentAt + 5 });
  }
  return ledger;
}

const arrival = (number: number, startedAt: number, other: Partial<Arrival> = {}): Arrival => ({
  uuid: `uuid ${number}`,
  receiver: 'ordered',
  event: { key: `key ${number}`, line: 'object 1', number },
  startedAt,
  endedAt: startedAt + 10,
  delivered: true,
  overlapped: false,
  ...other,
});

const judged = (evidence: Partial<Evidence>) =>
  judge({
    planned: 2,
    ledger: acknowledged(2),
    arrivals: [arrival(0, 50), arrival(1, 150)],
    behaviours: new Map([['ordered', 'ordered']]),
    faults: [],
    attempts: [],
    unfinished: [],
    unexpectedEnds: [],
    ...evidence,
  });

const fault = (kind: Fault['kind'], at: number, until: number): Fault => ({
  victim: 'dispatcher 1',
  kind,
  at,
  until,
});
const attempt = (requestedAt: number, other: Partial<RecordedAttempt> = {}): RecordedAttempt => ({
  uuid: 'uuid 0',
  requestedAt,
  durationMs: 10,
  status: 200,
  errorKind: null,
  ...other,
});

describe('The judge of a chaos run', () => {
  it('finds nothing where every event came once and in order', () => {
    expect(judged({})).toMatchObject({ acknowledged: 2, delivered: 2, failures: [] });
  });

  it('counts what was acknowledged and never delivered as lost, however often it was tried', () => {
    const { lost, failures } = judged({ arrivals: [arrival(0, 50), arrival(1, 150, { delivered: false })] });
    expect(lost).toEqual(['uuid 1']);
    expect(failures).not.toHaveLength(0);
  });

  it('finds two events that were made of one idempotency key', () => {
    const twin = arrival(0, 60, { uuid: 'uuid of another' });
    const { publishedTwice, unacknowledged } = judged({ arrivals: [arrival(0, 50), twin, arrival(1, 150)] });
    expect(publishedTwice).toEqual(['key 0']);
    expect(unacknowledged).toEqual(['uuid of another']);
  });

  it('finds events of an object that overtook each other, and requests side by side', () => {
    expect(judged({ arrivals: [arrival(1, 50), arrival(0, 150)] }).disorder).toHaveLength(1);
    expect(
      judged({ arrivals: [arrival(0, 50), arrival(1, 55, { overlapped: true })] }).disorder,
    ).toHaveLength(1);
  });

  it('does not call it disorder that an event comes again after later ones', () => {
    const { disorder } = judged({ arrivals: [arrival(0, 50), arrival(1, 150), arrival(0, 22_000)] });
    expect(disorder).toEqual([]);
  });

  it.each<[string, Fault[], RecordedAttempt[], string]>([
    ['its dispatcher was killed before the record', [fault('kill', 70, 1_000)], [attempt(22_000)], 'killed'],
    [
      'its dispatcher was killed as soon as it had been thawed',
      [fault('freeze', 55, 6_000), fault('kill', 6_002, 7_000)],
      [attempt(22_000)],
      'killed',
    ],
    [
      'its dispatcher was dead when the receiver took up what it had sent',
      [fault('kill', -900, 1_000)],
      [attempt(22_000)],
      'killed',
    ],
    [
      'a dispatcher had been killed and was back for long',
      [fault('kill', -9_000, -2_000)],
      [attempt(22_000)],
      'unexplained',
    ],
    [
      'its dispatcher was killed while the record waited for PostgreSQL',
      [{ ...fault('kill', 55, 5_000), victim: 'PostgreSQL' }, fault('kill', 4_900, 6_000)],
      [attempt(22_000)],
      'killed',
    ],
    [
      'another dispatcher was frozen, and one killed when the record should long have been made',
      [{ ...fault('freeze', 55, 6_000), victim: 'dispatcher 2' }, fault('kill', 6_002, 7_000)],
      [attempt(22_000)],
      'unexplained',
    ],
    ['no dispatcher was killed', [], [attempt(22_000)], 'unexplained'],
    ['a dispatcher was killed long after', [fault('kill', 9_000, 9_500)], [attempt(22_000)], 'unexplained'],
    ['it was recorded', [fault('kill', 70, 1_000)], [attempt(50), attempt(22_000)], 'unexplained'],
    [
      'its dispatcher was frozen until the time limit had passed',
      [fault('freeze', 55, 6_000)],
      [attempt(50, { durationMs: 5_950, status: 500, errorKind: 'timeout' }), attempt(22_000)],
      'frozen',
    ],
    [
      'the answer crossed the time limit',
      [],
      [attempt(50, { durationMs: 2_000, status: 500, errorKind: 'timeout' }), attempt(22_000)],
      'late',
    ],
    [
      'the receiver took the request up when it had long been given up',
      [],
      [attempt(-5_000, { durationMs: 2_000, status: 500, errorKind: 'timeout' }), attempt(22_000)],
      'late',
    ],
    [
      'two of its attempts succeeded, whatever became of others',
      [],
      [
        attempt(-5_000, { durationMs: 2_000, status: 500, errorKind: 'timeout' }),
        attempt(50),
        attempt(22_000),
      ],
      'unexplained',
    ],
  ])('looks for the cause of a duplicate: %s', (_, faults, attempts, cause) => {
    const arrivals = [arrival(0, 50), arrival(1, 150), arrival(0, 22_000)];
    expect(judged({ arrivals, faults, attempts }).duplicates).toMatchObject([{ uuid: 'uuid 0', cause }]);
  });
});
