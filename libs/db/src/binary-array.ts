import type { Instant } from '@oms-webhooks/domain';

interface ElementType<Item> {
  oid: number;
  size: (item: Item) => number;
  /** @returns where the element ends */
  write: (to: Buffer, item: Item, at: number) => number;
}

const HEADER_BYTES = 20;
/** Instants count from 1970, PostgreSQL from 2000; both in microseconds. */
const EPOCH_2000 = 946_684_800_000_000;
const TWO_32 = 2 ** 32;

const writeInt64 = (to: Buffer, value: number, at: number): number => {
  to.writeInt32BE(Math.floor(value / TWO_32), at);
  return to.writeUInt32BE(((value % TWO_32) + TWO_32) % TWO_32, at + 4);
};

/**
 * Arrays in PostgreSQL's binary format, for the statements that take a batch: as text every element is escaped here and
 * parsed there, payloads above all (`docs/performance.md`). A Buffer is a parameter that `pg` sends as it is.
 *
 * The format is that of `array_send` in PostgreSQL's arrayfuncs.c: dimensions, whether there are nulls, the elements'
 * type, length, lower bound; then for each element its length in bytes, or -1 for null, and its bytes.
 */
function arrayOf<Item>({ oid, size, write }: ElementType<Item>): (items: readonly (Item | null)[]) => Buffer {
  return (items) => {
    let bytes = HEADER_BYTES;
    for (const item of items) bytes += 4 + (item === null ? 0 : size(item));
    const array = Buffer.allocUnsafe(bytes);
    array.writeInt32BE(items.length === 0 ? 0 : 1, 0);
    array.writeInt32BE(items.includes(null) ? 1 : 0, 4);
    array.writeInt32BE(oid, 8);
    array.writeInt32BE(items.length, 12);
    array.writeInt32BE(1, 16);
    let at = HEADER_BYTES;
    for (const item of items) {
      const start = at + 4;
      at = item === null ? start : write(array, item, start);
      array.writeInt32BE(item === null ? -1 : at - start, start - 4);
    }
    // An array without elements has no dimension either.
    return items.length === 0 ? array.subarray(0, 12) : array;
  };
}

export const textArray = arrayOf<string>({
  oid: 25,
  size: (text) => Buffer.byteLength(text),
  write: (to, text, at) => at + to.write(text, at),
});
export const byteaArray = arrayOf<Buffer>({
  oid: 17,
  size: ({ length }) => length,
  write: (to, bytes, at) => at + bytes.copy(to, at),
});
export const int4Array = arrayOf<number>({
  oid: 23,
  size: () => 4,
  write: (to, value, at) => to.writeInt32BE(value, at),
});
/** Whole numbers as far as a double has them. */
export const int8Array = arrayOf<number>({ oid: 20, size: () => 8, write: writeInt64 });
export const instantArray = arrayOf<Instant>({
  oid: 1184,
  size: () => 8,
  write: (to, instant, at) => writeInt64(to, instant - EPOCH_2000, at),
});
export const booleanArray = arrayOf<boolean>({
  oid: 16,
  size: () => 1,
  write: (to, value, at) => to.writeInt8(value ? 1 : 0, at),
});
/** With dashes, as `randomUUID` makes them. */
export const uuidArray = arrayOf<string>({
  oid: 2950,
  size: () => 16,
  write: (to, uuid, at) => at + to.write(uuid.replaceAll('-', ''), at, 'hex'),
});
