import { Command } from 'commander';
import { contextOf } from '../context.ts';
import { positive } from '../event-options.ts';
import { objectText } from '../json-text.ts';
import { seconds, type Page } from '../shown-event.ts';
import { sheet, table } from '../table.ts';

const HOOKS = '/whisperer/hooks/';

interface Webhook {
  id: number;
  target_url: string;
  event_type: string;
  is_active: boolean;
  created_date: string;
}

interface Stats {
  is_active: boolean;
  disabled_reason: string | null;
  last_hour: {
    attempts: number;
    success_share: number | null;
    duration_ms: { p50: number; p95: number } | null;
  };
  backlog: { events: number; at_least: boolean; oldest_due_seconds: number };
  last_delivered: string | null;
  failing_since: string | null;
}

export function webhooksCommand(): Command {
  const webhooks = new Command('webhooks').description('where events are sent');
  webhooks
    .command('list')
    .option('--event-type <name>', 'of this event type')
    .option('--limit <number>', 'so many at most, up to 100', positive, 20)
    .option('--page <number>', 'which page of them', positive, 1)
    .action(
      async (
        { eventType, limit, page }: { eventType?: string; limit: number; page: number },
        command: Command,
      ) => {
        const { api, out } = contextOf(command);
        const { text, json } = await api.get<Page<Webhook>>(HOOKS, {
          event_type: eventType,
          page_size: limit,
          page,
        });
        if (out.json) return out.print(text);
        out.print(table(HEADINGS, json.results.map(webhookRow), out.width));
        if (json.next) out.tell(`${json.results.length} of ${json.count}; --page ${page + 1} has more`);
      },
    );
  webhooks
    .command('show <id>')
    .description('one, as the API has it (its secret too), and how it does')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const webhook = await api.get<Webhook>(`${HOOKS}${positive(id)}/`);
      const stats = await api.get<Stats>(`${HOOKS}${positive(id)}/stats/`);
      if (out.json) return out.print(`{"webhook":${webhook.text},"stats":${stats.text}}`);
      out.print(`${JSON.stringify(webhook.json, null, 2)}\n\n${shownStats(stats.json)}`);
    });
  webhooks
    .command('create <target-url>')
    .requiredOption('--event-type <name>', 'what it hears')
    .option('--secret <text>', 'signs what is sent')
    .option('--fields <json>', 'more fields as the API takes them: JSON, @file, or - for stdin')
    .action(
      async (
        target: string,
        options: { eventType: string; secret?: string; fields?: string },
        command: Command,
      ) => {
        const { api, out } = contextOf(command);
        const fields =
          options.fields === undefined ? {} : (JSON.parse(objectText(options.fields, '--fields')) as object);
        const { text, json } = await api.send<Webhook>('POST', HOOKS, {
          ...fields,
          target_url: target,
          event_type: options.eventType,
          ...(options.secret !== undefined && { secret_key: options.secret }),
        });
        out.print(out.json ? text : table(HEADINGS, [webhookRow(json)]));
      },
    );
  webhooks
    .command('set <id> <json>')
    .description('change fields: \'{"is_active": false}\', @file, or - for stdin')
    .action(async (id: string, fields: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const { text, json } = await api.send<Webhook>(
        'PATCH',
        `${HOOKS}${positive(id)}/`,
        objectText(fields, 'What is changed'),
      );
      out.print(out.json ? text : table(HEADINGS, [webhookRow(json)]));
    });
  webhooks
    .command('delete <id>')
    .description('deactivate one; its events stay readable')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      await api.send('DELETE', `${HOOKS}${positive(id)}/`);
      out.tell(`Webhook ${id} is deleted; creating the same again brings it back.`);
    });
  webhooks
    .command('test <id>')
    .description('send an example event, and show the answer')
    .action(async (id: string, _options: object, command: Command) => {
      const { api, out } = contextOf(command);
      const { text, json } = await api.send('POST', `${HOOKS}${positive(id)}/test/`);
      out.print(out.json ? text : JSON.stringify(json, null, 2));
    });
  return webhooks;
}

const HEADINGS = ['ID', 'CREATED', 'EVENT TYPE', 'ACTIVE', 'TARGET'];
const webhookRow = ({ id, created_date, event_type, is_active, target_url }: Webhook) => [
  id,
  seconds(created_date),
  event_type,
  is_active ? 'yes' : 'no',
  target_url,
];

function shownStats({
  is_active,
  disabled_reason,
  last_hour,
  backlog,
  last_delivered,
  failing_since,
}: Stats): string {
  const { attempts, success_share, duration_ms } = last_hour;
  return sheet([
    ['Active', is_active ? 'yes' : `no: ${disabled_reason ?? 'switched off'}`],
    [
      'Last hour',
      `${attempts} attempts${success_share === null ? '' : `, ${(success_share * 100).toFixed(1)} % delivered`}`,
    ],
    ['Takes', duration_ms && `${duration_ms.p50} ms, 95 of 100 at most ${duration_ms.p95} ms`],
    [
      'Waiting',
      `${backlog.at_least ? 'more than ' : ''}${backlog.events}, the oldest due for ${Math.round(backlog.oldest_due_seconds)} s`,
    ],
    ['Last delivered', last_delivered],
    ['Failing since', failing_since],
  ]);
}
