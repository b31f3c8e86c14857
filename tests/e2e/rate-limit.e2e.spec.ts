import { eventually, startTarget, type Target } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import type { ServiceProcess } from './service-process.ts';
import { startSystem, type System } from './system.ts';

const PER_SECOND = 10;
const EVENTS_AT_ONCE = 80;
/** Each dispatcher may begin with one request that nothing was sent before. */
const HEAD_START = 2;
const PATIENTLY = { withinMs: 60_000 };

describe('config.rate_limit', () => {
  let system: System;
  let second: ServiceProcess;
  let target: Target;
  beforeAll(async () => {
    [system, target] = await Promise.all([startSystem(), startTarget()]);
    second = await system.anotherDispatcher();
    await second.start();
  });
  afterAll(async () => {
    await system.close();
    await target.close();
  });

  const counted = ({ lines }: ServiceProcess, dispatchers: number) =>
    eventually(
      () =>
        lines.findLast(({ message }) => message === 'dispatchers share rate limits')?.dispatchers ===
        dispatchers,
      { ...PATIENTLY, what: `${dispatchers} dispatchers being counted` },
    );
  const attempts = ({ lines }: ServiceProcess) => lines.filter(({ message }) => message === 'attempt').length;

  /** Publishes events to a webhook with the limit, and answers how long it took from the first to the last arrival. */
  async function secondsFor(path: string): Promise<number> {
    const { id } = await system.api.createHook(`${target.url}/${path}`, {
      config: { rate_limit: PER_SECOND },
    });
    const before = target.received.length;
    await Promise.all(
      Array.from({ length: EVENTS_AT_ONCE }, (_, pk) => system.api.publish(id, { pk, data: {} })),
    );
    await eventually(
      async () =>
        (await system.api.get(`${EVENTS}?webhook=${id}&delivered=true`)).json.count === EVENTS_AT_ONCE,
      { ...PATIENTLY, everyMs: 200, what: 'every event being delivered' },
    );
    const arrived = target.received.slice(before).map(({ at }) => at);
    return (Math.max(...arrived) - Math.min(...arrived)) / 1000;
  }
  /** However fast the machine is, it cannot take less. */
  const least = (EVENTS_AT_ONCE - HEAD_START - 1) / PER_SECOND;

  it('holds for two dispatchers together', async () => {
    await Promise.all([counted(system.dispatcher, 2), counted(second, 2)]);
    // What was begun before a limit is known is not held back by it.
    expect(await secondsFor('two')).toBeGreaterThanOrEqual(least * 0.95);
    expect(Math.min(attempts(system.dispatcher), attempts(second))).toBeGreaterThan(0);
  }, 120_000);

  it('is all of the other’s when one is killed, and shared again when it is back', async () => {
    await second.kill();
    await counted(system.dispatcher, 1);
    expect(await secondsFor('one')).toBeGreaterThanOrEqual(least * 0.95);
    await second.start();
    await counted(system.dispatcher, 2);
  }, 120_000);
});
