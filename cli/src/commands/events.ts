import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { addEventFilters, eventFiltersOf, positive, type EventOptions } from '../event-options.ts';
import { Failure } from '../failure.ts';
import { EVENT_HEADINGS, eventRow, seconds, type ListedEvent, type Page } from '../shown-event.ts';
import { sheet, table } from '../table.ts';
import { resendCommand } from './resend.ts';
import { tailCommand } from './tail.ts';

const EVENTS = '/api/v1/oms/oms_hook_events/';

export function eventsCommand(): Command {
  const events = new Command('events').description('webhook events: what was sent, what waits, what failed');
  addEventFilters(events.command('list'))
    .description('newest first')
    .option('--limit <number>', 'so many at most, up to 100', positive, 20)
    .option('--page <number>', 'which page of them', positive, 1)
    .action(async (options: EventOptions & { limit: number; page: number }, command: Command) => {
      const { api, out } = contextOf(command);
      const { limit, page } = options;
      const query = { ...eventFiltersOf(options), page_size: limit, page };
      const { text, json } = await api.get<Page<ListedEvent>>(EVENTS, query);
      if (out.json) return out.print(text);
      out.print(table(EVENT_HEADINGS, json.results.map(eventRow), out.width));
      if (json.next) out.tell(`${json.results.length} of ${json.count}; --page ${page + 1} has more`);
    });
  events
    .command('show <event>')
    .description('one, with its attempts; by id or uuid')
    .action(async (given: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const { id } = await eventNamed(given, (query) => api.get<Page<ListedEvent>>(EVENTS, query));
      const [event, attempts] = await Promise.all([
        api.get<ListedEvent & { request_payload: { payload: unknown } }>(`${EVENTS}${id}/`),
        api.get<Page<Attempt>>(`${EVENTS}${id}/attempts/`, { page_size: 100 }),
      ]);
      if (out.json) return out.print(`{"event":${event.text},"attempts":${attempts.text}}`);
      out.print(shownEvent(event.json));
      out.print(`\nPayload\n${JSON.stringify(event.json.request_payload.payload, null, 2)}\n`);
      out.print(table(ATTEMPT_HEADINGS, attempts.json.results.map(attemptRow), out.width));
    });
  events.addCommand(tailCommand());
  events.addCommand(resendCommand());
  return events;
}

/** By its id, or by its uuid. */
async function eventNamed(
  given: string,
  list: (query: Record<string, string>) => Promise<{ json: Page<ListedEvent> }>,
): Promise<{ id: number | string }> {
  if (/^\d{1,16}$/.test(given)) return { id: given };
  const [event] = (await list({ uuid: given })).json.results;
  if (!event) throw new Failure(`There is no event ${given}.`);
  return event;
}

interface Attempt {
  number: number;
  request_datetime: string;
  duration_ms: number;
  response_http_status: number | null;
  error_kind: string | null;
  response_content: string;
  cause: string;
}

const ATTEMPT_HEADINGS = ['ATTEMPT', 'SENT', 'TOOK', 'CAUSE', 'STATUS', 'ERROR', 'ANSWER'];

const attemptRow = (attempt: Attempt) => [
  attempt.number,
  seconds(attempt.request_datetime),
  `${attempt.duration_ms} ms`,
  attempt.cause,
  attempt.response_http_status,
  attempt.error_kind,
  attempt.response_content.slice(0, 200),
];

const shownEvent = (event: ListedEvent): string =>
  sheet([
    ['Event', `${event.id}  ${event.uuid}`],
    ['Type', event.request_payload.event.type],
    ['Object', event.object_id],
    ['Webhook', `${event.webhook.id}  ${event.webhook.target_url}`],
    ['State', event.state],
    ['Created', event.created_date],
    ['Next attempt', event.next_attempt_at],
    ['Last error', event.last_error],
  ]);
