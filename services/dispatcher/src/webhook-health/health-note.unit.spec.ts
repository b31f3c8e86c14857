import type { NextStep, Outcome } from '@oms-webhooks/domain';
import { constantFrom, array, assert, property } from 'fast-check';
import { healthNote, joined, type HealthNote } from './health-note.ts';

const timed = { startedAt: 0, durationMs: 1 };
const answered = (status: number): Outcome => ({
  ...timed,
  kind: 'answered',
  status,
  headers: {},
  content: Buffer.alloc(0),
});
const exhausted: NextStep = { state: 'exhausted' };

const delivery: HealthNote = { outageEnded: false, delivered: true, failed: false, exhausted: 0 };
const failure: HealthNote = { outageEnded: false, delivered: false, failed: true, exhausted: 0 };
const exhaustion: HealthNote = { ...failure, exhausted: 1 };

describe('What an attempt says about the health of its webhook', () => {
  it('counts an exhausted event, but not one that was exhausted before', () => {
    expect(healthNote(answered(500), 'countdown', exhausted)).toEqual(exhaustion);
    expect(healthNote(answered(500), 'recovery', exhausted)).toEqual(failure);
    expect(healthNote(answered(500), 'resend', exhausted)).toEqual(failure);
  });

  it('is a delivery only for 200–299, whether or not the lease still held', () => {
    expect(healthNote(answered(204), 'countdown', { state: 'delivered' })).toEqual(delivery);
    expect(healthNote(answered(200), 'countdown', undefined)).toEqual(delivery);
    expect(healthNote(answered(302), 'countdown', undefined)).toEqual(failure);
  });

  it('says nothing when the resource could not be looked up, which is no fault of the target', () => {
    const lookup: Outcome = {
      ...timed,
      kind: 'failed',
      failure: 'lookup',
      error: 'GET /packages/1: answered 500',
    };
    expect(healthNote(lookup, 'countdown', exhausted)).toBeUndefined();
    expect(healthNote({ ...lookup, failure: 'dns' }, 'countdown', exhausted)).toEqual(exhaustion);
  });
});

describe('Notes in a row', () => {
  const join = (notes: HealthNote[]) =>
    notes.reduce<HealthNote | undefined>((earlier, later) => joined(earlier, later), undefined);

  it('forget failures before a delivery, and remember that it ended an outage when an event was exhausted', () => {
    expect(join([failure, delivery])).toEqual(delivery);
    expect(join([exhaustion, failure, delivery, delivery])).toEqual({ ...delivery, outageEnded: true });
    expect(join([exhaustion, delivery, failure, exhaustion])).toEqual({
      outageEnded: true,
      delivered: true,
      failed: true,
      exhausted: 1,
    });
  });

  it('come to the same however they are grouped, so that notes which could not be written wait for later ones', () => {
    const note = constantFrom(delivery, failure, exhaustion);
    const some = array(note, { minLength: 1, maxLength: 6 });
    assert(
      property(some, some, (one, other) => {
        expect(joined(join(one), join(other) as HealthNote)).toEqual(join([...one, ...other]));
      }),
    );
  });
});
