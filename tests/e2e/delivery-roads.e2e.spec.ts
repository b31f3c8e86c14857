import { Kafka, logLevel } from 'kafkajs';
import { eventually, startTarget, type Target } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import { arrivals, startSystem, type System } from './system.ts';

/** Records on the topic between the ingest API and the dispatchers. */
async function dispatchMessages(brokers: string, { topicPrefix }: System): Promise<number> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(`${topicPrefix}oms.webhook-dispatch`);
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

const once = (uuids: string[]) => new Map(uuids.map((uuid) => [uuid, 1]));
const byUuid = (counts: Map<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each([
  ['through Kafka', () => process.env['KAFKA_BROKERS']],
  ['through PostgreSQL alone', () => undefined],
])('Events %s', (_, brokers) => {
  let system: System;
  let target: Target;
  beforeAll(async () => {
    const kafka = brokers();
    system = await startSystem({
      ...(kafka && { brokers: kafka }),
      environment: { WEBHOOK_CONCURRENCY: '8' },
    });
  });
  afterAll(() => system.close());
  beforeEach(async () => {
    target = await startTarget();
  });
  afterEach(() => target.close());

  const publish = (hook: number, howMany: number) =>
    Promise.all(Array.from({ length: howMany }, (_, pk) => system.api.publish(hook, { pk, data: { pk } })));

  const undeliveredOf = async (hook: number): Promise<number> =>
    Number((await system.api.get(`${EVENTS}?webhook=${hook}&delivered=false`)).json.count);
  const allDelivered = (hook: number) =>
    eventually(async () => (await undeliveredOf(hook)) === 0, {
      what: 'every event being delivered',
      withinMs: 60_000,
    });

  it('arrive, once each, and are recorded as delivered', async () => {
    const { id } = await system.api.createHook(target.url);
    const uuids = await publish(id, 50);
    await allDelivered(id);
    expect(byUuid(arrivals(target))).toEqual(byUuid(once(uuids)));
    const kafka = brokers();
    if (kafka) expect(await dispatchMessages(kafka, system)).toBeGreaterThan(0);
  });

  it('are drained at SIGTERM: what was sent is recorded, what was not is sent later, nothing twice', async () => {
    target.answer((response) => void setTimeout(() => response.end('ok'), 300));
    const { id } = await system.api.createHook(target.url);
    const uuids = await publish(id, 40);
    await eventually(() => target.received.length >= 8);
    expect(await system.dispatcher.stop()).toBe(0);
    const sent = target.received.length;
    expect(sent).toBeLessThan(40);
    expect(await undeliveredOf(id)).toBe(40 - sent);

    await system.dispatcher.start();
    await allDelivered(id);
    expect(byUuid(arrivals(target))).toEqual(byUuid(once(uuids)));
  }, 180_000);

  it('are taken or refused, never half taken, when the ingest API gets SIGTERM', async () => {
    const { id } = await system.api.createHook(target.url);
    const answers = Promise.allSettled(
      Array.from({ length: 200 }, (_, pk) => system.api.publish(id, { pk, data: {} })),
    );
    await eventually(() => target.received.length > 0);
    expect(await system.ingestApi.stop()).toBe(0);
    const taken = (await answers).flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    await system.ingestApi.start();
    await allDelivered(id);
    expect(byUuid(arrivals(target))).toEqual(byUuid(once(taken)));
  }, 180_000);

  it('are shared by two dispatchers', async () => {
    const second = await system.anotherDispatcher();
    await second.start();
    const attemptsOf = ({ lines }: System['dispatcher']) =>
      lines.filter(({ message }) => message === 'attempt').length;
    const before = attemptsOf(system.dispatcher);
    target.answer((response) => void setTimeout(() => response.end('ok'), 50));
    const hooks = await Promise.all(
      Array.from({ length: 6 }, (_, n) => system.api.createHook(`${target.url}/${n}`)),
    );
    const uuids: string[] = [];
    await eventually(
      async () => {
        uuids.push(...(await Promise.all(hooks.map(({ id }) => publish(id, 10)))).flat());
        return attemptsOf(system.dispatcher) > before && attemptsOf(second) > 0;
      },
      { what: 'both dispatchers having work' },
    );
    for (const { id } of hooks) await allDelivered(id);
    await second.stop();
    expect(byUuid(arrivals(target))).toEqual(byUuid(once(uuids)));
  }, 180_000);

  it('wait for a dispatcher that is away: 500 of them arrive when it comes, once each', async () => {
    await system.dispatcher.stop();
    const { id } = await system.api.createHook(target.url);
    const uuids = await publish(id, 500);
    expect(target.received).toHaveLength(0);
    await system.dispatcher.start();
    await allDelivered(id);
    expect(byUuid(arrivals(target))).toEqual(byUuid(once(uuids)));
  }, 180_000);
});
