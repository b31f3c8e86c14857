import { refuseField } from './refusals.ts';

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

/** Where the last row of a page stands in the list's order: by values that never change, so inserts move nothing. */
export type CursorKey = readonly (string | number)[];

export interface CursorPage<Key extends CursorKey> {
  /** Rows after this one; from the start when there is none. */
  after: Key | undefined;
  limit: number;
}

/** `nextPage` and `limit` of a list. @param isKey whether a cursor is one of this list */
export function readCursorPage<Key extends CursorKey>(
  query: URLSearchParams,
  isKey: (key: unknown) => key is Key,
): CursorPage<Key> {
  return { after: readCursor(query.get('nextPage'), isKey), limit: readLimit(query.get('limit')) };
}

/** @param rows one more than the page shows, if there are as many */
export function cursorPage<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
): { shown: readonly Row[]; meta: { nextPage: string | null; hasNextPage: boolean } } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasNextPage = rows.length > limit;
  const nextPage =
    hasNextPage && last !== undefined ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null;
  return { shown, meta: { nextPage, hasNextPage } };
}

function readLimit(text: string | null): number {
  if (text === null || text === '') return DEFAULT_SIZE;
  if (!/^0*[1-9]\d*$/.test(text)) throw refuseField('limit', 'Must be a whole number from 1 on.');
  return Math.min(Number(text), LARGEST_SIZE);
}

function readCursor<Key>(text: string | null, isKey: (key: unknown) => key is Key): Key | undefined {
  if (text === null || text === '') return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isKey(key)) return key;
  } catch {
    // Not written by us.
  }
  throw refuseField('nextPage', 'Must be the nextPage of a page of this list.');
}
