const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d{0,6})?)?\s*(Z|[-+]\d\d(?::?\d\d)?)?)?$/i;

/**
 * A date or date and time as Django reads it from a query, in whole microseconds since the epoch; UTC unless the text has an
 * offset. Undefined for anything else, February 30 included.
 */
export function readInstant(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for those of the 20th century.
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return undefined;
  const millis = date.setUTCHours(hour, minute, second) - offsetMinutes(match[8] ?? 'Z') * 60_000;
  if (millis < FIRST_MILLIS || millis > LAST_MILLIS) return undefined;
  return millis * 1000 + Number((match[7] ?? '').padEnd(6, '0'));
}

/** The years 1 to 9999: what Python knows, and what has four digits when it is written again. */
const FIRST_MILLIS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MILLIS = Date.parse('9999-12-31T23:59:59Z');

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''));
  return zone.startsWith('-') ? -minutes : minutes;
}
