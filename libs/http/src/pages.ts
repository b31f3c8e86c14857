import { notFound } from './api-error.ts';
import type { Reply } from './reply.ts';

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

/** One page of a list: which rows to read, and its links. */
export interface Page {
  count: number;
  offset: number;
  limit: number;
  next: string | null;
  previous: string | null;
  /** `count` is about right. */
  estimated?: true;
}

/**
 * The page that a URL asks for by `page` (a number or `last`) and `page_size` (or `limit`), by Django REST framework's rules.
 * Throws 404 `Invalid page.`
 * @param count rows of the whole list
 * @param estimated there may be more or fewer: any page may be there, and the rows read tell (`corrected`)
 */
export function pageOf(url: string, count: number, estimated = false): Page {
  const [base = '', queryText = ''] = url.split('?', 2);
  const query = new URLSearchParams(queryText);
  const limit = sizeOf(lastOf(query, 'page_size') ?? lastOf(query, 'limit'));
  const last = Math.max(1, Math.ceil(count / limit));
  const wanted = lastOf(query, 'page') || '1';
  const number = wanted === 'last' ? last : wholeNumber(wanted);
  if (number === undefined || number < 1 || (number > last && !estimated)) throw notFound('Invalid page.');
  const offset = (number - 1) * limit;
  // PostgreSQL could not read it, and nobody has so many rows.
  if (!Number.isSafeInteger(offset)) throw notFound('Invalid page.');
  const linkTo = (page: number) => link(base, query, page);
  return {
    count,
    offset,
    limit,
    next: number < last || estimated ? linkTo(number + 1) : null,
    previous: number > 1 ? linkTo(number - 1) : null,
    ...(estimated && { estimated }),
  };
}

/**
 * A page of a list whose count was estimated, now that its rows are known. Throws 404 `Invalid page.` past the end.
 * @param rows those read, of `limit` + 1 asked for
 */
export function corrected(page: Page, rows: number): Page {
  const { count, offset, limit, previous } = page;
  if (rows > limit) return { ...page, count: Math.max(count, offset + rows) };
  if (rows === 0 && offset > 0) throw notFound('Invalid page.');
  return { count: offset + rows, offset, limit, next: null, previous };
}

/** @param rows the JSON text of each row */
export function pageReply({ count, next, previous, estimated }: Page, rows: readonly string[]): Reply {
  const links = `"count":${count},"next":${JSON.stringify(next)},"previous":${JSON.stringify(previous)}`;
  const mark = estimated ? ',"count_estimated":true' : '';
  return { status: 200, raw: `{${links},"results":[${rows.join(',')}]${mark}}` };
}

/** Django takes the last of several. */
const lastOf = (query: URLSearchParams, name: string) => query.getAll(name).at(-1);

function sizeOf(text: string | undefined): number {
  const size = wholeNumber(text ?? '');
  return size === undefined || size < 1 ? DEFAULT_SIZE : Math.min(size, LARGEST_SIZE);
}

const wholeNumber = (text: string) => (/^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined);

/** Parameters sorted by name; the first page has no `page`. */
function link(base: string, query: URLSearchParams, page: number): string {
  const target = new URLSearchParams(query);
  target.delete('page');
  if (page > 1) target.set('page', String(page));
  target.sort();
  const text = [...target].map(([name, value]) => `${quotePlus(name)}=${quotePlus(value)}`).join('&');
  return text === '' ? base : `${base}?${text}`;
}

/** Python's quote_plus. */
function quotePlus(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
