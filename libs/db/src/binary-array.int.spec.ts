import fc from 'fast-check';
import { formatInstant } from '@oms-webhooks/domain';
import {
  booleanArray,
  byteaArray,
  instantArray,
  int4Array,
  int8Array,
  textArray,
  uuidArray,
} from './binary-array.ts';
import type { Database } from './database.ts';
import { openSpecDatabase } from './testing/index.ts';

const arrayOf = <Item>(item: fc.Arbitrary<Item>) => fc.array(fc.option(item), { maxLength: 20 });
const int4 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** 1800 to 2200, microseconds: on both sides of both epochs. */
const instant = fc.integer({ min: -5_364_662_400_000_000, max: 7_258_118_400_000_000 });
const text = fc.string({ unit: 'grapheme' });

describe('Arrays in binary', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  /** What PostgreSQL reads in an array, each element as text. */
  async function readBack(array: Buffer, type: string): Promise<(string | null)[]> {
    const { rows } = await database.pool.query<{ items: (string | null)[] }>(
      `SELECT coalesce(array_agg(item::text ORDER BY place), '{}') AS items
         FROM unnest($1::${type}[]) WITH ORDINALITY AS t (item, place)`,
      [array],
    );
    return rows[0]?.items ?? [];
  }

  const cases: [string, fc.Arbitrary<[Buffer, (string | null)[]]>][] = [
    ['text', arrayOf(text).map((items) => [textArray(items), items])],
    [
      'int',
      arrayOf(int4).map((items) => [
        int4Array(items),
        items.map((item) => (item === null ? null : String(item))),
      ]),
    ],
    [
      'bigint',
      arrayOf(fc.maxSafeInteger()).map((items) => [
        int8Array(items),
        items.map((item) => (item === null ? null : String(item))),
      ]),
    ],
    [
      'boolean',
      arrayOf(fc.boolean()).map((items) => [
        booleanArray(items),
        items.map((item) => (item === null ? null : String(item))),
      ]),
    ],
    ['uuid', arrayOf(fc.uuid()).map((items) => [uuidArray(items), items])],
    [
      'bytea',
      arrayOf(fc.uint8Array()).map((items) => [
        byteaArray(items.map((item) => item && Buffer.from(item))),
        items.map((item) => item && `\\x${Buffer.from(item).toString('hex')}`),
      ]),
    ],
  ];

  it.each(cases)('are read by PostgreSQL as they were given: %s', async (type, arrays) => {
    await fc.assert(
      fc.asyncProperty(arrays, async ([array, expected]) => {
        expect(await readBack(array, type)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are read by PostgreSQL as they were given: timestamptz, to the microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(arrayOf(instant), async (items) => {
        const { rows } = await database.pool.query<{ same: boolean }>(
          'SELECT $1::timestamptz[] = $2::timestamptz[] AS same',
          [instantArray(items), items.map((item) => (item === null ? null : formatInstant(item)))],
        );
        expect(rows[0]?.same).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
