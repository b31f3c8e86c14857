import type { Bus, IncomingRecord } from './bus.ts';
import type { DeadLetteredTopic } from './topics.ts';

const MARK = 'dead-letter-';
const REASON = `${MARK}reason`;

/** Sets a record aside as it came, with the reason and its origin in headers. Rejects like `bus.send`; call `done()` after it. */
export async function sendDeadLetter(
  bus: Pick<Bus, 'send'>,
  record: IncomingRecord<DeadLetteredTopic>,
  reason: string,
): Promise<void> {
  const headers = {
    ...record.headers,
    [REASON]: reason,
    [`${MARK}topic`]: record.topic,
    [`${MARK}partition`]: String(record.partition),
    [`${MARK}offset`]: record.offset,
  };
  const { key, value } = record;
  await bus.send(`${record.topic}.dead-letter`, [{ ...(key !== null && { key }), value, headers }]);
}

/** The reason that a dead letter has in its headers, and the headers as the record came with them. */
export function originOf(headers: Record<string, string>): {
  reason: string;
  headers: Record<string, string>;
} {
  const own = Object.entries(headers).filter(([name]) => !name.startsWith(MARK));
  return { reason: headers[REASON] ?? '', headers: Object.fromEntries(own) };
}
