import { pause } from '@oms-webhooks/lifecycle';
import { Kafka, logLevel } from 'kafkajs';
import type { Machine } from '../machine/start-machine.ts';
import { nothingTwice, requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

const LENGTH_MS = 15_000;
const EVENTS = 600;
const PARTITIONS = 12;

const lease = 4e15; // microseconds, far in the future
const stranger = {
  id: 2 ** 50,
  webhookId: 1,
  lease,
  createdDate: 1,
  uuid: 'no uuid',
  payload: '{}',
  attempts: 0,
};
const POISON: (string | Buffer | null)[] = [
  null,
  '',
  'no JSON',
  '{"version":1,"events":[',
  '[]',
  'null',
  '{"version":2,"events":[]}',
  '{"version":1,"events":null}',
  '{"version":1,"events":[null]}',
  '{"version":1,"events":[{}]}',
  '{"version":1,"events":[{"id":"1","webhookId":[],"lease":{}}]}',
  // Fields that only a look at the database could have refuted.
  JSON.stringify({ version: 1, events: [stranger] }),
  JSON.stringify({ version: 1, events: [{ ...stranger, webhookId: 999_999 }] }),
  JSON.stringify({ version: 1, events: [{ id: -1, webhookId: -1, lease }] }),
  JSON.stringify({ version: 1, events: [{ id: 1.5, webhookId: 1e300, lease, createdDate: 'x' }] }),
  JSON.stringify({ version: 1, events: [{ ...stranger, payload: '{"a":', eventType: '\r\n' }] }),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  'x'.repeat(900_000),
];

async function poison({ brokers, topicPrefix }: Machine): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const messages = POISON.map((value) => ({ value, partition }));
    await producer.send({ topic: `${topicPrefix}oms.webhook-dispatch`, messages });
  }
  await producer.disconnect();
}

/** Somebody writes nonsense to the topic between ingest and the dispatchers: nothing stops, nothing comes twice. */
export const poisonedMessage: Scenario = {
  receivers: STEADY,
  async run(rig, { say, signal }) {
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    for (let times = 0; times < 3; times += 1) {
      await pause(LENGTH_MS / 4, signal);
      await poison(rig.machine);
      say(`${POISON.length * PARTITIONS} poisoned messages; ${rig.progress()}`);
    }
    await publishing;
    const verdict = await rig.conclude(EVENTS, [], SETTLE_LIMIT_MS);
    return requiring(verdict, {
      ...nothingTwice(verdict),
      'nothing waited for a lease to run out': (verdict.calmLatencyMs.max ?? Infinity) < 5_000,
    });
  },
};
