import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { steadyNow } from '@oms-webhooks/lifecycle';
import { RecordTooLargeError, type Bus, type Consumption, type IncomingRecord } from './bus.ts';
import { sendDeadLetter } from './dead-letter.ts';
import type { Topic } from './topics.ts';

export interface BusCluster {
  /** The bus of one more process on the same broker. */
  connect(): Bus;
}

/** Resolves as soon as the condition holds; rejects after `limitMs`. */
export async function eventually(condition: () => boolean, limitMs = 20_000): Promise<void> {
  const giveUp = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error(`Not within ${limitMs} ms: ${condition.toString()}`);
    await wait(10);
  }
}

/** What every bus must do. `startCluster` gives an empty broker whose topics exist. */
export function describeBus(name: string, startCluster: () => Promise<BusCluster>): void {
  describe(`${name} as a bus`, () => {
    let cluster: BusCluster;
    let open: Bus[] = [];
    const connect = () => {
      const bus = cluster.connect();
      open.push(bus);
      return bus;
    };

    beforeEach(async () => {
      cluster = await startCluster();
    });
    afterEach(async () => {
      await Promise.all(open.map((bus) => bus.close()));
      open = [];
    });

    /** Consumes into an array. By default every record is done at once. */
    function collect<T extends Topic>(
      bus: Bus,
      topic: T | readonly T[],
      onRecord: (record: IncomingRecord<T>) => void = (record) => record.done(),
      more: Partial<Consumption<T>> = {},
    ) {
      const received: IncomingRecord<T>[] = [];
      const abort = new AbortController();
      const ended = bus.consume<T>({
        topic,
        group: 'contract',
        signal: abort.signal,
        handle: (records) => {
          received.push(...records);
          records.forEach(onRecord);
        },
        ...more,
      });
      ended.catch(() => undefined);
      return { received, ended, abort: () => abort.abort() };
    }

    it('keeps the order of records with the same key', async () => {
      const bus = connect();
      const { received } = collect(bus, 'oms.webhook-dispatch');
      const records = Array.from({ length: 300 }, (_, n) => ({ key: `key-${n % 7}`, value: String(n) }));
      for (let at = 0; at < records.length; at += 20)
        await bus.send('oms.webhook-dispatch', records.slice(at, at + 20));
      await eventually(() => received.length >= 300);
      for (const key of new Set(records.map((record) => record.key))) {
        const ofKey = received.filter((record) => record.key === key);
        expect(ofKey.map(({ value }) => value.toString())).toEqual(
          records.filter((record) => record.key === key).map(({ value }) => value),
        );
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('puts the records of one call without keys into one partition', async () => {
      const bus = connect();
      const { received } = collect(bus, 'oms.webhook-dispatch');
      await bus.send('oms.webhook-dispatch', [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
      await eventually(() => received.length === 3);
      expect(new Set(received.map(({ partition }) => partition)).size).toBe(1);
      expect(received.map(({ value }) => value.toString())).toEqual(['a', 'b', 'c']);
    });

    it('begins after a restart with the first record that was not done, whatever came after it', async () => {
      const bus = connect();
      const records = Array.from({ length: 10 }, (_, n) => ({ value: String(n), partition: 3 }));
      await bus.send('oms.events', records);
      const first = connect();
      const before = collect(first, 'oms.events', (record) => {
        if (record.value.toString() !== '4') record.done();
      });
      await eventually(() => before.received.length === 10);
      await first.close();
      await before.ended;

      const after = collect(connect(), 'oms.events');
      await eventually(() => after.received.length >= 6);
      expect(after.received.map(({ value }) => value.toString())).toEqual(['4', '5', '6', '7', '8', '9']);
    });

    it('divides the partitions between two consumers of a group', async () => {
      const bus = connect();
      const one = collect(connect(), 'oms.webhook-dispatch');
      const two = collect(connect(), 'oms.webhook-dispatch');
      const sendWave = (wave: string) =>
        bus.send(
          'oms.webhook-dispatch',
          Array.from({ length: 12 }, (_, partition) => ({ value: wave, partition })),
        );
      const of = (wave: string) =>
        [one, two].map(({ received }) => received.filter(({ value }) => String(value) === wave));
      // Waves go out until both have joined and one wave reaches both.
      let wave = '';
      await sendWave('start');
      await eventually(() => of('start').flat().length >= 12);
      for (let shared = false; !shared;) {
        wave = randomUUID();
        await sendWave(wave);
        await eventually(() => of(wave).flat().length >= 12);
        shared = of(wave).every((part) => part.length > 0);
      }
      const partitions = of(wave)
        .flat()
        .map(({ partition }) => partition);
      expect(new Set(partitions).size).toBe(12);
    });

    it('gives every record to each group', async () => {
      const bus = connect();
      const one = collect(bus, 'entity', undefined, { group: 'one' });
      const two = collect(bus, 'entity', undefined, { group: 'two' });
      await bus.send('entity', [{ value: 'x' }]);
      await eventually(() => one.received.length === 1 && two.received.length === 1);
    });

    it('says since when a partition is owned, later for the one that takes over, null for the one that lost it', async () => {
      const bus = connect();
      const startedAt = steadyNow();
      const first = connect();
      const before = collect(first, 'participant', () => undefined);
      await bus.send('participant', [{ value: 'x', partition: 2 }]);
      await eventually(() => before.received.length === 1);
      const owned = before.received[0]!.ownedSince!;
      expect(owned).toBeGreaterThanOrEqual(startedAt);
      expect(owned).toBeLessThanOrEqual(steadyNow());
      await first.close();
      expect(before.received[0]!.ownedSince).toBeNull();

      await eventually(() => steadyNow() > owned);
      const after = collect(connect(), 'participant');
      await eventually(() => after.received.length === 1);
      expect(after.received[0]!.ownedSince).toBeGreaterThan(owned);
    });

    it('carries keys, headers and bytes as they are', async () => {
      const bus = connect();
      const { received } = collect(bus, ['entity', 'container']);
      const value = randomBytes(5_000);
      const headers = { eventType: 'UserCreated', 'x-ünï': 'śnieg ☃', empty: '' };
      const sentAt = Date.now();
      await bus.send('container', [{ key: 'ключ', value, headers }]);
      await eventually(() => received.length === 1);
      expect(received[0]).toMatchObject({ topic: 'container', key: 'ключ', headers });
      expect(received[0]!.value.equals(value)).toBe(true);
      expect(received[0]!.timestamp).toBeGreaterThanOrEqual(sentAt - 1);
    });

    it('carries records larger than a MiB, refuses those beyond its limit, and goes on', async () => {
      const bus = connect();
      const { received } = collect(bus, 'oms.events');
      const large = { value: randomBytes(1_500_000) };
      await bus.send('oms.events', [large, large, large]);
      await expect(bus.send('oms.events', [{ value: randomBytes(5_000_000) }])).rejects.toThrow(
        RecordTooLargeError,
      );
      await bus.send('oms.events', [{ value: 'small' }]);
      await eventually(() => received.length === 4);
      expect(bus.healthy()).toBe(true);
    });

    it('reads no more of a partition that has enough records that are not done, and goes on when they are', async () => {
      const bus = connect();
      let letGo = false;
      const { received } = collect(
        bus,
        'oms.webhook-dispatch',
        (record) => {
          if (letGo) record.done();
        },
        { mostInHand: 100 },
      );
      const ofZero = () => received.filter(({ partition }) => partition === 0);
      const numbered = Array.from({ length: 2_000 }, (_, n) => ({
        value: `${n} ${'x'.repeat(1_000)}`,
        partition: 0,
      }));
      // A broker answers with a whole batch, however large: these are small ones.
      for (let at = 0; at < numbered.length; at += 100)
        await bus.send('oms.webhook-dispatch', numbered.slice(at, at + 100));
      await eventually(() => ofZero().length >= 100);
      await bus.send('oms.webhook-dispatch', [{ value: 'other partition', partition: 1 }]);
      await eventually(() => received.some(({ partition }) => partition === 1));
      // At most what one more read may bring, 128 KiB.
      const held = ofZero().length;
      expect(held).toBeLessThan(500);
      await bus.send('oms.webhook-dispatch', [{ value: 'again', partition: 1 }]);
      await eventually(() => received.filter(({ partition }) => partition === 1).length === 2);
      expect(ofZero()).toHaveLength(held);
      letGo = true;
      ofZero().forEach((record) => record.done());
      await eventually(() => ofZero().length === 2_000);
      expect(ofZero().map(({ value }) => Number.parseInt(String(value)))).toEqual(numbered.map((_, n) => n));
    });

    it('waits after the signal for what is in hand, and hands out nothing more', async () => {
      const bus = connect();
      const { received, ended, abort } = collect(connect(), 'oms.events', () => undefined);
      await bus.send('oms.events', [{ value: 'in hand', partition: 0 }]);
      await eventually(() => received.length === 1);
      let over = false;
      void ended.then(() => (over = true));
      abort();
      await bus.send('oms.events', [{ value: 'late', partition: 0 }]);
      expect(over).toBe(false);
      received[0]!.done();
      await ended;
      expect(received).toHaveLength(1);

      const next = collect(connect(), 'oms.events');
      await eventually(() => next.received.length === 1);
      expect(next.received[0]!.value.toString()).toBe('late');
    });

    it('ends a consumption with the error that its handler throws', async () => {
      const bus = connect();
      const { ended } = collect(bus, 'entity', () => {
        throw new TypeError('a fault of ours');
      });
      await bus.send('entity', [{ value: 'x' }]);
      await expect(ended).rejects.toThrow('a fault of ours');
    });

    it('says how many messages a group has not done, also while it has no member', async () => {
      const bus = connect();
      const value = (n: number) => ({ value: String(n), partition: n % 6 });
      await bus.send('entity', [1, 2, 3, 4, 5, 6, 7, 8].map(value));
      const lag = () => bus.lag('contract', ['entity', 'container']);
      const entity = async () => (await lag()).find(({ topic }) => topic === 'entity')?.messages;
      expect(await lag()).toEqual([
        { topic: 'entity', messages: 8 },
        { topic: 'container', messages: 0 },
      ]);
      const first = connect();
      const { received } = collect(first, 'entity', (record) => {
        if (record.value.toString() !== '8') record.done();
      });
      await eventually(() => received.length === 8);
      await first.close();
      expect(await entity()).toBe(1);
    });

    it('starts at the end for a group that asks for it', async () => {
      const bus = connect();
      await bus.send('entity', [{ value: 'old', partition: 0 }]);
      const { received } = collect(bus, 'entity', undefined, { fromBeginning: false });
      // Until it has joined nothing that is sent reaches it.
      for (let n = 0; received.length === 0; n++) {
        await bus.send('entity', [{ value: `new ${n}`, partition: 0 }]);
        await wait(50);
      }
      expect(received[0]!.value.toString()).toMatch(/^new/);
    });

    it('sets a record aside with the reason and its origin', async () => {
      const bus = connect();
      collect(bus, 'participant', (record) => {
        void sendDeadLetter(bus, record, 'not JSON').then(() => record.done());
      });
      const { received } = collect(bus, 'participant.dead-letter', undefined, { group: 'dead letters' });
      await bus.send('participant', [{ key: 'k', value: '{', headers: { eventType: 'x' }, partition: 5 }]);
      await eventually(() => received.length === 1);
      expect(received[0]).toMatchObject({
        key: 'k',
        headers: {
          eventType: 'x',
          'dead-letter-reason': 'not JSON',
          'dead-letter-topic': 'participant',
          'dead-letter-partition': '5',
          'dead-letter-offset': '0',
        },
      });
      expect(received[0]!.value.toString()).toBe('{');
    });

    it('refuses to send once it is closed', async () => {
      const bus = connect();
      await bus.close();
      await expect(bus.send('entity', [{ value: 'x' }])).rejects.toThrow('closed');
      expect(bus.healthy()).toBe(false);
    });
  });
}
