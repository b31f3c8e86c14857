import { createMemoryBroker, type Bus } from '@oms-webhooks/bus';
import type { Pool } from 'pg';
import { dispatchRoad } from './dispatch-road.ts';

describe('The road from a committed event to the dispatchers', () => {
  let now = 1_000_000;
  let said: string[];
  beforeEach(() => (said = []));
  const log = { debug() {}, info: (message: string) => void said.push(message), warn() {}, error() {} };
  const roadWith = (bus: Bus | undefined) => dispatchRoad({ bus, pool: {} as Pool, log, now: () => now });

  it('is PostgreSQL without a broker', () => {
    expect(roadWith(undefined).carries()).toBe(false);
  });

  it('is PostgreSQL while the dispatchers say that messages are held up, and Kafka soon after', () => {
    const road = roadWith(createMemoryBroker().connect());
    expect(road.carries()).toBe(true);
    for (let second = 0; second < 10; second += 1) {
      road.messagesHeldUp();
      now += 1_000;
      expect(road.carries()).toBe(false);
    }
    expect(said).toEqual([expect.stringContaining('PostgreSQL meanwhile')]);
    now += 2_001;
    expect(road.carries()).toBe(true);
  });

  it('is PostgreSQL until consumers have found together again after an outage of the broker', () => {
    const lastAway = now;
    const road = roadWith({ ...createMemoryBroker().connect(), lastAway: () => lastAway });
    now += 19_999;
    expect(road.carries()).toBe(false);
    now += 1;
    expect(road.carries()).toBe(true);
  });
});
