import { eventually, startTarget } from '../environment/target.ts';
import { startSystem } from './system.ts';

const OBJECTS = ['1', '2', '3', '4'];
const EVENTS_EACH = 15;

interface Sent {
  object: string;
  number: number;
}

/** Answers a moment later, fails now and then, and notes what it took and which requests of an object overlapped. */
function unsteadyTarget() {
  const open = new Map<string, number>();
  const overlaps: Sent[] = [];
  const taken: Sent[] = [];
  const starting = startTarget((response, { body }, count) => {
    const { payload } = JSON.parse(body) as { payload: Sent };
    const others = open.get(payload.object) ?? 0;
    if (others > 0) overlaps.push(payload);
    open.set(payload.object, others + 1);
    response.once('close', () => open.set(payload.object, (open.get(payload.object) ?? 1) - 1));
    setTimeout(() => {
      const fails = count % 7 === 0;
      if (!fails && !response.destroyed) taken.push(payload);
      response.writeHead(fails ? 500 : 200).end();
    }, 20);
  });
  return { starting, overlaps, taken };
}

describe('Events of one object', () => {
  it('stay in order when a dispatcher is killed in mid-flight, another one joins, and the first comes back', async () => {
    const { starting, overlaps, taken } = unsteadyTarget();
    const target = await starting;
    const kafka = process.env['KAFKA_BROKERS'];
    const system = await startSystem({
      ...(kafka && { brokers: kafka }),
      // An answer that comes late on a busy machine must not look like a second request.
      environment: { DELIVERY_TIMEOUT_MS: '10000' },
    });
    try {
      const { id } = await system.api.createHook(target.url, {
        config: { ordered: true, max_attempts: 1000 },
        retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 0 } },
      });
      await Promise.all(
        OBJECTS.map(async (object) => {
          for (let number = 0; number < EVENTS_EACH; number += 1)
            await system.api.publish(id, { pk: object, data: { object, number } });
        }),
      );
      await eventually(() => taken.length >= OBJECTS.length * 2, { withinMs: 30_000, what: 'deliveries' });
      await system.dispatcher.kill();
      expect(taken.length).toBeLessThan(OBJECTS.length * EVENTS_EACH);
      await (await system.anotherDispatcher()).start();
      await system.dispatcher.start();
      const delivered = () => new Set(taken.map(({ object, number }) => `${object}/${number}`)).size;
      await eventually(() => delivered() === OBJECTS.length * EVENTS_EACH, {
        withinMs: 120_000,
        what: 'delivery of everything',
      });
      for (const object of OBJECTS) {
        const numbers = taken.filter((sent) => sent.object === object).map(({ number }) => number);
        // What was in flight at the kill may come twice; nothing comes before its turn.
        const first = numbers.filter((number, index) => numbers.indexOf(number) === index);
        expect(first).toEqual(Array.from({ length: EVENTS_EACH }, (_, number) => number));
      }
      expect(overlaps).toEqual([]);
    } finally {
      await system.close();
      await target.close();
    }
  }, 180_000);
});
