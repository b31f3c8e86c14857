import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { startKafka, type StartedKafka } from '../../../../tests/environment/kafka-broker.ts';
import { eventually } from '../../../../tests/environment/target.ts';
import type { Bus } from '../bus.ts';
import { BusUnavailableError } from '../bus.ts';
import { createKafkaBus } from './kafka-bus.ts';

jest.setTimeout(240_000);

describe('A broker of its own that goes away and comes back', () => {
  const SEND_LIMIT_MS = 1_000;
  const SOON = { withinMs: 20_000 };
  let dataDir: string;
  let port: number;
  let kafka: StartedKafka;
  let bus: Bus;
  const startBroker = async () => (kafka = await startKafka({ port, dataDir, log: () => undefined }));

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'oms-kafka-away-'));
    port = await freePort();
    await startBroker();
    bus = createKafkaBus({
      brokers: kafka.brokers.split(','),
      clientId: 'away',
      sendTimeoutMs: SEND_LIMIT_MS,
      log: () => undefined,
    });
    await bus.ensureTopics();
  });
  afterEach(async () => {
    await bus.close();
    await kafka.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const rejectsInTime = async () => {
    const before = Date.now();
    await expect(bus.send('oms.events', [{ value: 'refused' }])).rejects.toThrow(BusUnavailableError);
    // The limit is a promise of the port; the slack is for a busy machine.
    expect(Date.now() - before).toBeLessThan(SEND_LIMIT_MS + 1_000);
  };

  /** A broker that has just started answers a moment before it leads its partitions, and refuses their records meanwhile. */
  const isTaken = async (value: string): Promise<boolean> => {
    try {
      await bus.send('oms.events', [{ value }]);
      return true;
    } catch (error) {
      if (error instanceof BusUnavailableError) return false;
      throw error;
    }
  };

  function collect() {
    const received: string[] = [];
    const abort = new AbortController();
    const ended = bus.consume({
      topic: 'oms.events',
      group: 'away',
      signal: abort.signal,
      handle: (records) =>
        records.forEach((record) => {
          received.push(record.value.toString());
          record.done();
        }),
    });
    return { received, ended, abort };
  }

  it('is reported by send within its limit, and both roads work again without a restart', async () => {
    const { received, ended, abort } = collect();
    await bus.send('oms.events', [{ value: 'before' }]);
    await eventually(() => received.includes('before'), SOON);

    await kafka.stop();
    await rejectsInTime();
    await eventually(() => !bus.healthy(), SOON);
    await rejectsInTime();
    await expect(bus.ensureTopics()).rejects.toThrow(BusUnavailableError);

    await startBroker();
    await eventually(() => bus.healthy(), SOON);
    await eventually(() => isTaken('after'), SOON);
    await eventually(() => received.includes('after'), { withinMs: 60_000 });
    abort.abort();
    await ended;
  });

  it('is reported too when it hangs instead of being gone', async () => {
    await bus.send('oms.events', [{ value: 'before' }]);
    process.kill(kafka.pid, 'SIGSTOP');
    try {
      await rejectsInTime();
      expect(bus.healthy()).toBe(false);
    } finally {
      process.kill(kafka.pid, 'SIGCONT');
    }
    await eventually(() => bus.healthy(), SOON);
    await bus.send('oms.events', [{ value: 'after' }]);
  });

  it('does not keep a bus from closing', async () => {
    const { ended } = collect();
    await bus.send('oms.events', [{ value: 'before' }]);
    await kafka.stop();
    await bus.close();
    await ended;
  });
});
