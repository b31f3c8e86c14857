import { notFound } from './api-error.ts';

/** PostgreSQL's largest `int`. */
const LARGEST_INT = 2 ** 31 - 1;

/** The id in a path; what cannot be one names nothing: 404. @param largest of the column's type */
export function idParameter(text: string | undefined, largest = LARGEST_INT): number {
  const id = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || id > largest) throw notFound();
  return id;
}
