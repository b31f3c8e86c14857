import type { DispatchedEvent, Instant, Outcome } from '@oms-webhooks/domain';
import { Lanes } from './lanes.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const delivered: Outcome = {
  kind: 'answered',
  status: 200,
  headers: {},
  content: Buffer.alloc(0),
  startedAt: 0,
  durationMs: 1,
};

/** Lanes of four requests a webhook, whose look-ups and attempts end when the spec says so. */
function lanesUnderTest() {
  const lookUps: { id: number; end: () => void }[] = [];
  const attempts: { id: number; end: (outcome: Outcome) => void }[] = [];
  const parked: { id: number; until: Instant | null }[] = [];
  const lanes = new Lanes({
    findResource: ({ id }) => new Promise<void>((end) => lookUps.push({ id, end })),
    attempt: ({ id }) => new Promise<Outcome>((end) => attempts.push({ id, end })),
    park: (events, until) => {
      parked.push(...events.map(({ id }) => ({ id, until })));
      return Promise.resolve();
    },
    hungry: () => undefined,
    concurrency: 100,
    webhookConcurrency: 4,
    now: () => 1_000_000.5,
  });
  lanes.follow(1, { accountId: 1, rateLimit: null });
  const offer = (from: number, count: number, payload: string | null) =>
    lanes.offer(
      Array.from({ length: count }, (_, n) => ({
        event: { id: from + n, webhookId: 1, payload, attempts: 0 } as DispatchedEvent,
        settled: () => undefined,
      })),
    );
  const attempted = () => attempts.map(({ id }) => id);
  return { lanes, lookUps, attempts, parked, offer, attempted };
}

describe('Events that await their resources', () => {
  it('hold up none that needs no look-up, and go first when they have them', async () => {
    const { lookUps, attempts, offer, attempted } = lanesUnderTest();
    offer(0, 20, null);
    expect([lookUps.length, attempts.length]).toEqual([20, 0]);
    offer(100, 6, '{}');
    expect(attempted()).toEqual([100, 101, 102, 103]);
    lookUps[7]?.end();
    await settle();
    attempts[0]?.end(delivered);
    await settle();
    expect(attempted()).toEqual([100, 101, 102, 103, 7]);
    expect(lookUps).toHaveLength(20);
  });

  it('are 32 of a lane at most; more come again in five seconds', () => {
    const { lookUps, parked, offer, attempted } = lanesUnderTest();
    offer(0, 32, null);
    offer(50, 3, null);
    expect(lookUps).toHaveLength(32);
    expect(parked).toEqual([50, 51, 52].map((id) => ({ id, until: 6_000_001 })));
    offer(100, 1, '{}');
    expect(attempted()).toEqual([100]);
  });

  it('are parked when the process stops, and not attempted when their resource comes after all', async () => {
    const { lanes, lookUps, parked, offer, attempted } = lanesUnderTest();
    offer(0, 2, null);
    await lanes.stop();
    expect(parked).toEqual([0, 1].map((id) => ({ id, until: null })));
    lookUps.forEach(({ end }) => end());
    await settle();
    expect(attempted()).toEqual([]);
  });

  it('say nothing of the target when they could not be had', async () => {
    const { lanes, lookUps, attempts, offer } = lanesUnderTest();
    const missing: Outcome = { kind: 'failed', failure: 'lookup', error: '404', startedAt: 0, durationMs: 1 };
    for (let id = 0; id < 30; id += 1) {
      offer(id, 1, null);
      lookUps.at(-1)?.end();
      await settle();
      attempts.at(-1)?.end(missing);
      await settle();
    }
    expect(attempts).toHaveLength(30);
    expect(lanes.circuits()).toEqual({ closed: 1, open: 0, 'half-open': 0 });
  });
});
