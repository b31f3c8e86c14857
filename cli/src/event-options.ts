import { InvalidArgumentError, Option, type Command } from 'commander';

/** The filters of events as options; each is one of the API's. */
const FILTERS: [flags: string, meaning: string, parameter: string][] = [
  ['--webhook <id>', 'of this webhook', 'webhook'],
  ['--state <state>', 'pending, retrying, delivered, exhausted or cancelled', 'state'],
  ['--status <number>', 'whose last answer had this HTTP status', 'response_http_status'],
  ['--event-type <name>', 'of this event type', 'event_type'],
  ['--model <name>', 'about objects of this kind, as package', 'model'],
  ['--object <id>', 'about this object', 'object_id'],
  ['--search <text>', 'by object id, uuid or its beginning', 'q'],
];

export type EventFilters = Record<string, string>;
/** The options of a command that has them. */
export type EventOptions = Record<string, string | number | boolean | undefined>;

export function addEventFilters(command: Command): Command {
  for (const [flags, meaning] of FILTERS) command.option(flags, meaning);
  return command
    .addOption(new Option('--delivered', 'delivered ones').conflicts('undelivered'))
    .option('--undelivered', 'all others')
    .addOption(
      new Option('--since <when>', 'created at or after: a date, or 30m, 2h, 7d ago').argParser(instant),
    )
    .addOption(new Option('--until <when>', 'created before').argParser(instant));
}

/** What was given, as parameters of the API. */
export function eventFiltersOf(options: EventOptions): EventFilters {
  const filters: EventFilters = {};
  for (const [flags, , parameter] of FILTERS) {
    const value = options[new Option(flags).attributeName()];
    if (value !== undefined) filters[parameter] = String(value);
  }
  if (options.delivered) filters.delivered = 'true';
  if (options.undelivered) filters.delivered = 'false';
  if (options.since !== undefined) filters.created_date__gte = String(options.since);
  if (options.until !== undefined) filters.created_date__lt = String(options.until);
  return filters;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `30m` ago, or anything that JavaScript reads as a date. */
export function instant(text: string, _previous?: unknown, now: number = Date.now()): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const millis = unit ? now - Number(count) * SECONDS[unit as keyof typeof SECONDS] * 1000 : Date.parse(text);
  if (Number.isNaN(millis))
    throw new InvalidArgumentError('A date (2026-11-21, 2026-11-21T10:00Z), or 30m, 2h, 7d.');
  return new Date(millis).toISOString();
}

/** A whole number from 1 on. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 on.');
  return Number(text);
}
