import type { DispatchedEvent, Instant, Outcome } from '@oms-webhooks/domain';
import fc from 'fast-check';
import { Circuit } from './circuit.ts';
import type { Job, LaneSettings } from './lane.ts';
import { Lanes, type LanesOptions } from './lanes.ts';
import { Pace } from './pace.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let nextId = 0;
const eventOf = (webhookId: number, more: Partial<DispatchedEvent> = {}): DispatchedEvent => ({
  id: (nextId += 1),
  createdDate: 0,
  uuid: '',
  webhookId,
  eventType: 'package.created',
  contentType: 4,
  objectId: '1',
  payload: '{}',
  attempts: 0,
  cause: 'countdown',
  lease: 0,
  lookupPath: null,
  traceparent: null,
  ordered: false,
  ...more,
});
const answered = (status: number): Outcome => ({
  kind: 'answered',
  status,
  headers: {},
  content: Buffer.alloc(0),
  startedAt: 0,
  durationMs: 1,
});

/** Lanes whose attempts end when the spec says so. */
function lanesUnderTest(options: Partial<LanesOptions> = {}) {
  const inFlight: { webhookId: number; end: (outcome?: Outcome) => void }[] = [];
  const parked: { webhookId: number; until: Instant | null }[] = [];
  const hungry: number[] = [];
  const clock = { micros: 1_000_000_000 };
  const lanes = new Lanes({
    attempt: ({ webhookId }) =>
      new Promise((resolve) => {
        const attempt = {
          webhookId,
          end: (outcome?: Outcome) => {
            inFlight.splice(inFlight.indexOf(attempt), 1);
            resolve(outcome);
          },
        };
        inFlight.push(attempt);
      }),
    findResource: () => Promise.resolve(),
    park: (events, until) => {
      parked.push(...events.map(({ webhookId }) => ({ webhookId, until })));
      return Promise.resolve();
    },
    hungry: (webhookId) => hungry.push(webhookId),
    concurrency: 10,
    webhookConcurrency: 4,
    now: () => clock.micros,
    ...options,
  });
  const followed = new Set<number>();
  /** Webhooks without a rate limit, unless the spec has said otherwise of them before. */
  const know = (...webhookIds: number[]) => {
    for (const webhookId of webhookIds) {
      if (!followed.has(webhookId)) lanes.follow(webhookId, { accountId: 0, rateLimit: null });
      followed.add(webhookId);
    }
  };
  const follow = (webhookId: number, settings: LaneSettings) => {
    followed.add(webhookId);
    lanes.follow(webhookId, settings);
  };
  const offer = (webhookId: number, count: number, more: Partial<DispatchedEvent> = {}) => {
    know(webhookId);
    const jobs: Job[] = Array.from({ length: count }, () => ({
      event: eventOf(webhookId, more),
      settled: () => undefined,
    }));
    lanes.offer(jobs);
  };
  const flying = (webhookId: number) => inFlight.filter((attempt) => attempt.webhookId === webhookId).length;
  const endAll = async (outcome?: Outcome) => {
    for (const attempt of [...inFlight]) attempt.end(outcome);
    await settle();
  };
  return { lanes, know, follow, offer, flying, endAll, inFlight, parked, hungry, clock };
}

describe('Lanes', () => {
  it('give each webhook its own concurrency, and all together theirs', () => {
    const { offer, flying, lanes } = lanesUnderTest();
    for (const webhookId of [1, 2, 3]) offer(webhookId, 20);
    expect([flying(1), flying(2), flying(3)]).toEqual([4, 4, 2]);
    expect(lanes.inFlight).toBe(10);
  });

  it('park what a lane has no room for, due at once, and ask for it when there is room', async () => {
    const { offer, parked, hungry, endAll } = lanesUnderTest();
    offer(1, 40);
    // 32 places in the queue are judged before attempts start.
    expect(parked).toEqual(Array.from({ length: 8 }, () => ({ webhookId: 1, until: null })));
    for (let round = 0; round < 10; round += 1) await endAll(answered(200));
    expect(hungry).toEqual([1]);
  });

  it('send first attempts before repeated ones', async () => {
    const order: number[] = [];
    const { lanes, know } = lanesUnderTest({
      webhookConcurrency: 1,
      attempt: ({ attempts }) => {
        order.push(attempts);
        return Promise.resolve(answered(200));
      },
    });
    know(1);
    lanes.offer(
      [2, 2, 0, 0].map((attempts) => ({ event: eventOf(1, { attempts }), settled: () => undefined })),
    );
    for (let turn = 0; turn < 5; turn += 1) await settle();
    expect(order).toEqual([0, 0, 2, 2]);
  });

  it('let accounts take turns, however many webhooks one has', async () => {
    const { follow, offer, flying, endAll } = lanesUnderTest({ concurrency: 4 });
    for (let webhookId = 1; webhookId <= 6; webhookId += 1)
      follow(webhookId, { accountId: 1, rateLimit: null });
    follow(7, { accountId: 2, rateLimit: null });
    for (let webhookId = 1; webhookId <= 6; webhookId += 1) offer(webhookId, 2);
    offer(7, 4);
    let turnsOfTheSmall = 0;
    for (let round = 0; round < 3; round += 1) {
      turnsOfTheSmall += flying(7);
      await endAll(answered(200));
    }
    expect(turnsOfTheSmall).toBe(4);
  });

  it('keep half of all requests for lanes that do not fail', async () => {
    const { offer, flying, endAll, lanes } = lanesUnderTest();
    for (const webhookId of [1, 2, 3]) offer(webhookId, 4);
    await endAll(answered(503));
    await endAll(answered(503));
    for (const webhookId of [1, 2, 3]) offer(webhookId, 10);
    expect(lanes.inFlight).toBe(5);
    offer(9, 10);
    expect(flying(9)).toBe(4);
  });

  it('open the circuit after 20 failing events in a row, park the queue, and probe when the pause is over', async () => {
    const { offer, flying, parked, endAll, clock, lanes } = lanesUnderTest();
    offer(1, 30);
    for (let round = 0; round < 5; round += 1) await endAll(answered(500));
    expect(lanes.circuits()).toMatchObject({ open: 1 });
    expect(parked).toHaveLength(7);
    // The three that were already on their way change nothing any more.
    await endAll(answered(500));
    expect(flying(1)).toBe(0);
    expect(parked[0]?.until).toBe(clock.micros + 2_000_000);
    offer(1, 3);
    expect(flying(1)).toBe(0);
    expect(lanes.claim([1])).toEqual([]);

    clock.micros += 2_000_000;
    expect(lanes.claim([1])).toEqual([{ webhookId: 1, room: 1 }]);
    lanes.claimed([{ webhookId: 1, room: 1 }], []);
    offer(1, 3);
    expect(flying(1)).toBe(1);
    await endAll(answered(200));
    expect(lanes.circuits()).toMatchObject({ closed: 1 });
  });

  it('keep the circuit closed for a lone event that is retried, for 4xx and for failed look-ups', async () => {
    const { lanes, know, endAll, offer } = lanesUnderTest();
    const lone = eventOf(1);
    know(1);
    for (let attempts = 0; attempts < 25; attempts += 1) {
      lanes.offer([{ event: { ...lone, attempts }, settled: () => undefined }]);
      await endAll(answered(500));
    }
    for (let round = 0; round < 10; round += 1) {
      offer(2, 4);
      await endAll(answered(404));
      offer(3, 4);
      await endAll({ kind: 'failed', failure: 'lookup', error: 'gone', startedAt: 0, durationMs: 1 });
    }
    expect(lanes.circuits()).toEqual({ closed: 3, open: 0, 'half-open': 0 });
  });

  it('know which events others could claim by the lease in their message', async () => {
    const asked: boolean[] = [];
    let owned = true;
    const { lanes, know } = lanesUnderTest({
      webhookConcurrency: 1,
      attempt: (_, stillOurs) => {
        asked.push(stillOurs());
        return Promise.resolve(answered(200));
      },
    });
    const [renewed, taken, claimed] = [1, 1, 1].map((webhookId) => eventOf(webhookId, { lease: 5 }));
    const message = { lease: 5, stillOurs: () => owned };
    const settled = () => undefined;
    know(1);
    lanes.offer([
      { event: renewed!, settled, message },
      { event: taken!, settled, message },
      { event: claimed!, settled },
    ]);
    expect(lanes.heldByMessage).toEqual([renewed, taken]);
    owned = false;
    renewed!.lease = 6;
    expect(lanes.heldByMessage).toEqual([taken]);
    for (let turn = 0; turn < 3; turn += 1) await settle();
    // The first was asked while its partition was owned.
    expect(asked).toEqual([true, false, true]);
  });

  it('let a resend through an open circuit', async () => {
    const { lanes, offer, endAll, flying } = lanesUnderTest();
    offer(1, 30);
    for (let round = 0; round < 6; round += 1) await endAll(answered(500));
    lanes.probe(1);
    offer(1, 1, { cause: 'resend', attempts: 3 });
    expect(flying(1)).toBe(1);
  });

  it('park what is queued when they stop, and wait for what is in flight', async () => {
    const { lanes, offer, parked, endAll } = lanesUnderTest();
    offer(1, 6);
    const stopped = lanes.stop();
    offer(1, 1);
    expect(parked).toHaveLength(3);
    expect(lanes.claim([1])).toEqual([]);
    let done = false;
    void stopped.then(() => (done = true));
    await settle();
    expect(done).toBe(false);
    await endAll(answered(200));
    await stopped;
  });
});

describe('The pace of a lane', () => {
  it('never starts more than the rate allows, whatever the moments of asking', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 50, maxLength: 300 }),
        (perSecond, gaps) => {
          let now = 0;
          const pace = new Pace(() => now);
          pace.follow(perSecond);
          const starts: number[] = [];
          for (const gap of gaps) {
            now += gap;
            while (pace.waitMs === 0) {
              pace.started();
              starts.push(now);
            }
          }
          for (const from of starts) {
            const within = starts.filter((start) => start >= from && start < from + 1000).length;
            expect(within).toBeLessThanOrEqual(perSecond + Math.max(1, perSecond * 0.05) + 1);
          }
        },
      ),
    );
  });
});

describe('A rate limit', () => {
  it('begins anew when it is set, whatever was sent before', () => {
    let now = 0;
    const pace = new Pace(() => now);
    for (let sent = 0; sent < 100_000; sent += 1) pace.started();
    now = 3_600_000;
    pace.follow(10);
    expect(pace.waitMs).toBe(0);
    pace.started();
    expect(pace.waitMs).toBe(100);
  });

  it('that changes gives nothing away, as when another dispatcher comes or goes', () => {
    let now = 0;
    const pace = new Pace(() => now);
    pace.follow(0.1);
    pace.started();
    for (let change = 0; change < 100; change += 1) {
      pace.follow(change % 2 === 0 ? 0.05 : 0.1);
      expect(pace.waitMs).toBeGreaterThan(0);
    }
    now = 5000;
    expect(pace.waitMs).toBe(5000);
    pace.follow(0.05);
    expect(pace.waitMs).toBe(10_000);
  });

  // Three events to a webhook that had just been created all went at once, whatever its limit.
  it('that is not known yet leaves events in PostgreSQL until it is', async () => {
    const { lanes, follow, flying, parked, hungry } = lanesUnderTest();
    const fresh = 4711;
    lanes.offer([1, 2, 3].map(() => ({ event: eventOf(fresh), settled: () => undefined })));
    expect(flying(fresh)).toBe(0);
    expect(parked).toEqual(Array.from({ length: 3 }, () => ({ webhookId: fresh, until: null })));
    expect(lanes.claim([fresh])).toEqual([]);
    await settle();
    expect(hungry).toEqual([]);
    follow(fresh, { accountId: 1, rateLimit: 0.5 });
    expect(hungry).toEqual([fresh]);
    // Half of what it sends within the five seconds that a lane queues.
    expect(lanes.claim([fresh])).toEqual([{ webhookId: fresh, room: 2 }]);
  });

  it('so low that a lease would run out in the queue leaves events in PostgreSQL until their time', async () => {
    const { lanes, follow, offer, flying, parked, endAll, clock } = lanesUnderTest();
    follow(1, { accountId: 1, rateLimit: 0.02 });
    offer(1, 2);
    expect(flying(1)).toBe(1);
    await endAll(answered(200));
    offer(1, 1);
    expect(flying(1)).toBe(0);
    expect(lanes.claim([1])).toEqual([]);
    expect(parked.at(-1)?.until).toBe(clock.micros + 50_000_000);
    clock.micros += 50_000_000;
    expect(lanes.claim([1])).toEqual([{ webhookId: 1, room: 1 }]);
  });

  it('is not spent by an event that was not sent', async () => {
    const { follow, offer, flying, endAll } = lanesUnderTest();
    follow(1, { accountId: 1, rateLimit: 0.5 });
    offer(1, 1);
    await endAll(undefined);
    offer(1, 1);
    expect(flying(1)).toBe(1);
  });
});

describe('Room in the process', () => {
  it('is shared alike when it is short', () => {
    const { lanes, know } = lanesUnderTest({ concurrency: 2 });
    know(1, 2, 3, 4);
    const rooms = lanes.claim([1, 2, 3, 4]);
    expect(rooms.map(({ room }) => room)).toEqual([8, 8, 8, 8]);
  });

  // Once a second, whatever came in a message while all webhooks were looked at, was parked, and came a second late.
  it('is left for messages while due events are looked for, and what overflows then is remembered', async () => {
    const { lanes, know, offer, endAll, flying, parked, hungry } = lanesUnderTest();
    know(1);
    const rooms = lanes.claim([1]);
    offer(1, 3);
    expect([flying(1), parked.length]).toEqual([3, 0]);
    offer(1, 40);
    expect(parked.length).toBeGreaterThan(0);
    lanes.claimed(rooms, []);
    while (flying(1) > 0) await endAll(answered(200));
    expect(hungry).toContain(1);
  });

  it('is more for a lane that sends much, and what it was for one that only fills up', async () => {
    const { offer, endAll, parked, clock } = lanesUnderTest({ concurrency: 100 });
    const send = async (webhookId: number, count: number) => {
      for (let sent = 0; sent < count; sent += 4) {
        offer(webhookId, 4);
        clock.micros += 10_000;
        await endAll(answered(200));
      }
    };
    await send(1, 800);
    offer(1, 500);
    offer(2, 500);
    expect(parked.filter(({ webhookId }) => webhookId === 1)).toEqual([]);
    expect(parked.filter(({ webhookId }) => webhookId === 2)).toHaveLength(500 - 4 * 8);
  });

  it('is there for a webhook with few events however many another one has', () => {
    const { lanes, know, offer, parked } = lanesUnderTest({ concurrency: 8 });
    for (let webhookId = 1; webhookId <= 20; webhookId += 1) offer(webhookId, 50);
    expect(parked.length).toBeGreaterThan(100);
    parked.length = 0;
    offer(99, 8);
    expect(parked).toEqual([]);
    offer(99, 8);
    expect(parked).toHaveLength(8);
    know(100);
    expect(lanes.claim([100])).toEqual([{ webhookId: 100, room: 8 }]);
  });

  it('is bounded by what payloads take in memory', async () => {
    const { lanes, offer, endAll, parked, clock } = lanesUnderTest({ concurrency: 100 });
    const large = { payload: 'x'.repeat(4 * 1024 * 1024) };
    for (let webhookId = 1; webhookId <= 20; webhookId += 1) offer(webhookId, 5, large);
    const held = 100 - parked.length;
    expect(held).toBeGreaterThan(10);
    expect(held).toBeLessThan(100);
    for (let round = 0; round < 10; round += 1) {
      clock.micros += 10_000;
      await endAll(answered(200));
    }
    expect(lanes.queued).toBe(0);
    parked.length = 0;
    for (let webhookId = 1; webhookId <= 20; webhookId += 1) offer(webhookId, 5, large);
    expect(100 - parked.length).toBe(held);
  });
});

describe('A circuit', () => {
  it('parks until a whole microsecond, whatever the fractions of its pause: PostgreSQL takes no other', async () => {
    const { lanes, offer, parked, endAll, clock } = lanesUnderTest();
    clock.micros = 1_795_269_781_981_123;
    for (let failed = 0; failed < 20; failed += 1) {
      offer(1, 1);
      await endAll(answered(500));
    }
    expect(lanes.circuits().open).toBe(1);
    for (let offered = 0; offered < 50; offered += 1) {
      clock.micros += 7;
      offer(1, 1);
    }
    expect(parked).toHaveLength(50);
    expect(parked.filter(({ until }) => !Number.isInteger(until))).toEqual([]);
  });

  it('doubles its pause with each failed probe, up to a minute', () => {
    let now = 0;
    const circuit = new Circuit(() => now);
    for (let id = 0; id < 20; id += 1) circuit.failed(id);
    const pauses: number[] = [];
    for (let probe = 0; probe < 8; probe += 1) {
      pauses.push(circuit.opensInMs);
      now += circuit.opensInMs;
      expect(circuit.state).toBe('half-open');
      circuit.failed(100 + probe);
    }
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });
});
