import type { OutgoingRecord } from '../bus.ts';

/** Below Kafka's default of 1 MiB a batch, for topics that were not made by us. */
const MOST_BYTES = 900_000;
/** KafkaJS copies a partition's list for each record that it adds. */
const MOST_RECORDS = 1_000;
const RECORD_OVERHEAD = 70;

const bytes = (text: string | Buffer) => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

/** About what a record takes on the wire. */
export function recordBytes({ key = '', value, headers = {} }: OutgoingRecord): number {
  const pairs = Object.entries(headers).map(([name, text]) => bytes(name) + bytes(text) + 4);
  return pairs.reduce((sum, size) => sum + size, RECORD_OVERHEAD + bytes(key) + bytes(value));
}

/**
 * Cuts records into requests that a broker takes, in order: it refuses a batch as a whole when that is too large.
 * A record that is larger than a request goes alone.
 */
export function requestBatches<R extends OutgoingRecord>(records: readonly R[]): R[][] {
  const batches: R[][] = [];
  let room = 0;
  for (const record of records) {
    const size = recordBytes(record);
    const batch = batches.at(-1);
    if (batch && size <= room && batch.length < MOST_RECORDS) {
      batch.push(record);
      room -= size;
    } else {
      batches.push([record]);
      room = MOST_BYTES - size;
    }
  }
  return batches;
}
