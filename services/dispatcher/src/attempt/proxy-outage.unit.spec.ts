import { ProxyOutage } from './proxy-outage.ts';

describe('an outage of the egress proxy', () => {
  let now: number;
  let lines: string[];
  let outage: ProxyOutage;
  const error = new Error('refused');
  beforeEach(() => {
    now = 1_000_000;
    lines = [];
    const log = (message: string) => void lines.push(message);
    outage = new ProxyOutage({
      proxy: 'http://proxy:3128',
      now: () => now,
      log: { debug: log, info: log, warn: log, error: log },
    });
  });

  it('is paused for 1 s, 2, 4 … 30, however many ask within a pause', () => {
    const pauses = [1, 2, 4, 8, 16, 30, 30].map(() => {
      for (let asked = 0; asked < 100; asked += 1) outage.failed(error);
      const { pauseMs } = outage;
      now += pauseMs;
      return pauseMs / 1000;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(outage.pauseMs).toBe(0);
  });

  it('is told once, and its end once', () => {
    for (let round = 0; round < 5; round += 1) {
      outage.failed(error);
      now += outage.pauseMs;
    }
    outage.opened('a');
    outage.opened('b');
    expect(lines).toEqual(['the egress proxy fails; events wait for it', 'the egress proxy works again']);
    outage.failed(error);
    expect(outage.pauseMs).toBe(1000);
  });

  describe('or a target that it does not reach', () => {
    it('is not told apart while it reaches nothing else, however long', () => {
      for (let minute = 0; minute < 600; minute += 1) {
        expect(outage.unreached('a', error)).toBe(false);
        expect(outage.unreached('b', error)).toBe(false);
        now += 60_000;
      }
      expect(lines).toHaveLength(2);
    });

    it('is the target after a minute in which others were reached', () => {
      outage.opened('b');
      expect(outage.unreached('a', error)).toBe(false);
      now += 30_000;
      outage.opened('b');
      expect(outage.unreached('a', error)).toBe(false);
      now += 30_001;
      expect(outage.unreached('a', error)).toBe(true);
    });

    it('has its minute anew once it was reached', () => {
      outage.unreached('a', error);
      now += 61_000;
      outage.opened('a');
      expect(outage.unreached('a', error)).toBe(false);
    });

    it('does not pause the others', () => {
      outage.unreached('a', error);
      expect(outage.pauseMs).toBe(0);
      expect(outage.waitMs).toBeGreaterThan(0);
    });
  });
});
