import type { Bus, IncomingRecord } from './bus.ts';
import type { DeadLetteredTopic } from './topics.ts';

/** Sets a record aside as it came, with the reason and its origin in headers. Rejects like `bus.send`; call `done()` after it. */
export async function sendDeadLetter(
  bus: Pick<Bus, 'send'>,
  record: IncomingRecord<DeadLetteredTopic>,
  reason: string,
): Promise<void> {
  const headers = {
    ...record.headers,
    'dead-letter-reason': reason,
    'dead-letter-topic': record.topic,
    'dead-letter-partition': String(record.partition),
    'dead-letter-offset': record.offset,
  };
  const { key, value } = record;
  await bus.send(`${record.topic}.dead-letter`, [{ ...(key !== null && { key }), value, headers }]);
}
