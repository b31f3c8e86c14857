import fc from 'fast-check';
import { afterAttempt, retryAfterSeconds, type AttemptLimits } from './after-attempt.ts';
import { DEFAULT_COUNTDOWN } from './countdown.ts';
import { MICROS_PER_SECOND, parseInstant } from './instant.ts';
import type { FailureKind, Outcome } from './outcome.ts';

const NOW = parseInstant('2023-10-12T10:07:35.200005Z');
const LIMITS: AttemptLimits = { maxAttempts: 11, recoveryAttempts: 8 };
const HOUR = 3600;

const timed = { startedAt: NOW - 5000, durationMs: 5 };
const answered = (status: number, headers: Record<string, string> = {}): Outcome => ({
  ...timed,
  kind: 'answered',
  status,
  headers,
  content: Buffer.alloc(0),
});
const failed = (failure: FailureKind): Outcome => ({ ...timed, kind: 'failed', failure, error: 'no answer' });
const after = (outcome: Outcome, attempts: number) =>
  afterAttempt(outcome, attempts, DEFAULT_COUNTDOWN, LIMITS, NOW, 0);

/** Statuses that are neither delivered nor 410. */
const failingStatus = fc.integer({ min: 300, max: 599 }).filter((status) => status !== 410);
const failure = fc.oneof(
  failingStatus.map((status) => answered(status)),
  fc
    .constantFrom<FailureKind>('timeout', 'connection', 'dns', 'tls', 'blocked', 'response', 'auth', 'lookup')
    .map(failed),
);

describe('afterAttempt', () => {
  it('waits ten countdowns, then eight hours, then the event is exhausted', () => {
    fc.assert(
      fc.property(failure, (outcome) => {
        const waits: number[] = [];
        for (let attempts = 1; ; attempts += 1) {
          const next = after(outcome, attempts);
          if (next.state !== 'retrying') {
            expect(next).toEqual({ state: 'exhausted' });
            break;
          }
          waits.push((next.nextAttemptAt - NOW) / MICROS_PER_SECOND);
        }
        const hours = Array.from({ length: 8 }, () => HOUR);
        expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, ...hours]);
      }),
    );
  });

  it('makes as many attempts as the limits say, one at least', () => {
    fc.assert(
      fc.property(
        failure,
        fc.integer({ min: 1, max: 50 }),
        fc.nat({ max: 50 }),
        (outcome, maxAttempts, recoveryAttempts) => {
          const state = (attempts: number) =>
            afterAttempt(outcome, attempts, DEFAULT_COUNTDOWN, { maxAttempts, recoveryAttempts }, NOW, 0)
              .state;
          const last = maxAttempts + recoveryAttempts;
          if (last > 1) expect(state(last - 1)).toBe('retrying');
          expect(state(last)).toBe('exhausted');
          // A resend of an exhausted event is one attempt more, not a new countdown.
          expect(state(last + 1)).toBe('exhausted');
        },
      ),
    );
  });

  it('is delivered by 200 to 299 whichever attempt it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 299 }),
        fc.integer({ min: 1, max: 100 }),
        (status, attempts) => {
          expect(after(answered(status), attempts)).toEqual({ state: 'delivered' });
        },
      ),
    );
  });

  it.each([1, 11, 19])('cancels and disables the webhook on 410, also at attempt %i', (attempts) => {
    expect(after(answered(410), attempts)).toEqual({
      state: 'cancelled',
      disableWebhook: 'The target answered 410 Gone.',
    });
  });

  it.each([429, 503])('lengthens the wait by the Retry-After of a %i, and never shortens it', (status) => {
    const wait = (attempts: number, retryAfter: string) => {
      const next = after(answered(status, { 'retry-after': retryAfter }), attempts);
      return next.state === 'retrying' && (next.nextAttemptAt - NOW) / MICROS_PER_SECOND;
    };
    expect(wait(1, '120')).toBe(120);
    expect(wait(10, '120')).toBe(512);
    expect(wait(1, '86400')).toBe(HOUR);
    expect(wait(12, '1')).toBe(HOUR);
    expect(after(answered(status, { 'retry-after': '60' }), 19)).toEqual({ state: 'exhausted' });
  });

  it('keeps next attempts on whole microseconds', () => {
    // An HTTP date has whole seconds and now has not.
    const next = after(answered(503, { 'retry-after': 'Thu, 12 Oct 2023 10:08:00 GMT' }), 1);
    expect(next).toEqual({ state: 'retrying', nextAttemptAt: parseInstant('2023-10-12T10:08:00Z') });
  });
});

describe('retryAfterSeconds', () => {
  const asked = (value: string, status = 503) =>
    retryAfterSeconds(answered(status, { 'retry-after': value }), NOW);

  it('reads seconds and the three forms of an HTTP date', () => {
    expect(asked('0')).toBe(0);
    expect(asked(' 90 ')).toBe(90);
    expect(asked('Thu, 12 Oct 2023 10:08:35 GMT')).toBeCloseTo(59.8, 4);
    expect(asked('Thursday, 12-Oct-23 10:08:35 GMT')).toBeCloseTo(59.8, 4);
    // The only form without a zone; once read in the zone of the machine.
    expect(asked('Thu Oct 12 10:08:35 2023')).toBeCloseTo(59.8, 4);
  });

  it('is capped at an hour and never negative', () => {
    expect(asked('3601')).toBe(HOUR);
    expect(asked('9'.repeat(400))).toBe(HOUR);
    expect(asked('Fri, 12 Oct 2029 10:08:35 GMT')).toBe(HOUR);
    expect(asked('Wed, 12 Oct 2022 10:08:35 GMT')).toBe(0);
  });

  it.each(['', 'soon', '-5', '1.5', '3600, 3600', '1e9'])('asks nothing with %j', (value) => {
    expect(asked(value)).toBe(0);
  });

  it('counts on 429 and 503 only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        expect(asked('60', status)).toBe(status === 429 || status === 503 ? 60 : 0);
      }),
    );
    expect(retryAfterSeconds(failed('timeout'), NOW)).toBe(0);
    expect(retryAfterSeconds(answered(503), NOW)).toBe(0);
  });
});
