import { verdict } from './verdict.ts';

const DAY = 24 * 3600 * 1e6;
const failingSince = Date.UTC(2026, 10, 16, 10) * 1000;

describe('A failing webhook', () => {
  it('is disabled after five days without a delivery, and not a moment sooner', () => {
    const failing = { webhookId: 1, failingSince, exhaustedInARow: 3 };
    expect(verdict({ ...failing, lastFailed: failingSince + 5 * DAY - 1 })).toBeUndefined();
    expect(verdict({ ...failing, lastFailed: failingSince + 5 * DAY })).toBe(
      'It failed for 5 days, since 2026-11-16T10:00:00.000000Z, without a delivery in between.',
    );
  });

  it('is disabled after as many exhausted events in a row as its settings say, 50 where they say nothing', () => {
    const failing = { webhookId: 1, failingSince, lastFailed: failingSince };
    expect(verdict({ ...failing, exhaustedInARow: 49 })).toBeUndefined();
    expect(verdict({ ...failing, exhaustedInARow: 50 })).toMatch(/^50 events in a row/);
    expect(verdict({ ...failing, exhaustedInARow: 2 }, 3)).toBeUndefined();
    expect(verdict({ ...failing, exhaustedInARow: 3 }, 3)).toMatch(/^3 events in a row/);
    expect(verdict({ ...failing, exhaustedInARow: 60 }, 100)).toBeUndefined();
  });
});
