/**
 * A point in time as whole microseconds since the epoch, UTC. PostgreSQL keeps microseconds and the API shows six
 * digits, so `Date` (milliseconds) would cut what the compare-and-set on a lease needs. Fits a double until 2255.
 */
export type Instant = number;

export const MICROS_PER_SECOND = 1_000_000;

/** `2023-10-12T10:07:35.200005Z`: always UTC, always six digits, as the documents show. */
export function formatInstant(instant: Instant): string {
  const millis = Math.floor(instant / 1000);
  const iso = new Date(millis).toISOString();
  const micros = instant - millis * 1000;
  return `${iso.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

const UTC_TEXT = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)$/;

/**
 * Reads PostgreSQL's text form in a UTC session (`2023-10-12 10:07:35.200005+00`) and ISO 8601 in UTC.
 * @throws RangeError for anything else, another offset above all: to drop it would shift the instant by hours
 */
export function parseInstant(text: string): Instant {
  const [, day, time, fraction = ''] = UTC_TEXT.exec(text) ?? [];
  const millis = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(millis)) throw new RangeError(`not an instant: ${text}`);
  return millis * 1000 + Number(fraction.padEnd(6, '0'));
}

export function addSeconds(instant: Instant, seconds: number): Instant {
  return Math.round(instant + seconds * MICROS_PER_SECOND);
}
