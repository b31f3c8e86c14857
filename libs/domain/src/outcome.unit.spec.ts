import fc from 'fast-check';
import { failureText, isDelivered, recordedStatus, type FailureKind, type Outcome } from './outcome.ts';

const answered = (status: number): Outcome => ({
  kind: 'answered',
  status,
  headers: {},
  content: Buffer.from('ok'),
  startedAt: 0,
  durationMs: 1,
});
const failed = (failure: FailureKind): Outcome => ({
  kind: 'failed',
  failure,
  error: 'It went wrong.',
  startedAt: 0,
  durationMs: 1,
});

describe('an outcome', () => {
  it('is delivered exactly when the target answered 200 to 299', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), (status) => {
        expect(isDelivered(answered(status))).toBe(status >= 200 && status < 300);
        expect(recordedStatus(answered(status))).toBe(status);
        expect(failureText(answered(status)) === null).toBe(isDelivered(answered(status)));
      }),
    );
    expect([199, 200, 299, 300].map((status) => isDelivered(answered(status)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each<FailureKind>(['timeout', 'connection', 'dns', 'tls', 'blocked', 'response', 'auth', 'lookup'])(
    'without an answer (%s) is recorded as 500 with its own text',
    (failure) => {
      expect(isDelivered(failed(failure))).toBe(false);
      expect(recordedStatus(failed(failure))).toBe(500);
      expect(failureText(failed(failure))).toBe('It went wrong.');
    },
  );

  it('says why an answer was no delivery', () => {
    expect(failureText(answered(302))).toBe('The target answered 302; redirects are not followed.');
    expect(failureText(answered(404))).toBe('The target answered 404.');
  });
});
