import { Command, Option } from 'commander';
import { contextOf, type Context } from '../context.ts';
import { table } from '../table.ts';

const ROOT = '/core/api/v1/webhooks';
const PAGE = 100;

/** The OS1 registry answers in pages that name the next one. */
interface CursorPage<Row> {
  data: { meta: { nextPage: string | null; hasNextPage: boolean } } & Record<string, Row[]>;
}

type Row = Record<string, unknown>;

/** `registry`: who publishes what, and who has subscribed. */
export function registryCommand(): Command {
  const registry = new Command('registry').description(
    'OS1: publisher apps, published events, subscriptions',
  );
  const tenant = new Option('--tenant <name>', 'X-COREOS-TID');
  registry
    .command('apps')
    .description("the account's publisher app")
    .addOption(tenant)
    .action(async (options: { tenant?: string }, command: Command) => {
      const { api, out } = contextOf(command);
      const { text, json } = await api.send<{ data: unknown }>(
        'GET',
        `${ROOT}/apps`,
        undefined,
        tenantHeader(options),
      );
      out.print(out.json ? text : JSON.stringify(json.data, null, 2));
    });
  registry
    .command('events <topic>')
    .description('what is published on participant, entity or container')
    .addOption(tenant)
    .action(async (topic: string, options: { tenant?: string }, command: Command) => {
      const context = contextOf(command);
      const path = `${ROOT}/topics/${encodeURIComponent(topic)}/events`;
      show(await allOf(path, 'events', options, context), ['name', 'type', 'appId', 'description'], context);
    });
  registry
    .command('subscriptions')
    .description("the account's subscriptions")
    .addOption(tenant)
    .action(async (options: { tenant?: string }, command: Command) => {
      const context = contextOf(command);
      const rows = await allOf(`${ROOT}/subscriptions`, 'subscriptions', options, context);
      show(rows, ['id', 'topic', 'eventAppId', 'isActive', 'description'], context);
    });
  return registry;
}

const tenantHeader = ({ tenant }: { tenant?: string }): Record<string, string> =>
  tenant === undefined ? {} : { 'X-COREOS-TID': tenant };

async function allOf(
  path: string,
  name: string,
  options: { tenant?: string },
  { api }: Context,
): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | null = '';
  while (next !== null) {
    const query: URLSearchParams = new URLSearchParams({
      limit: String(PAGE),
      ...(next && { nextPage: next }),
    });
    const { json }: { json: CursorPage<Row> } = await api.send(
      'GET',
      `${path}?${query.toString()}`,
      undefined,
      tenantHeader(options),
    );
    rows.push(...(json.data[name] ?? []));
    next = json.data.meta.hasNextPage ? json.data.meta.nextPage : null;
  }
  return rows;
}

function show(rows: Row[], columns: string[], { out }: Context): void {
  if (out.json) return out.print(JSON.stringify(rows));
  const headings = columns.map((name) => name.toUpperCase());
  out.print(
    table(
      headings,
      rows.map((row) => columns.map((name) => String((row[name] as string | undefined) ?? ''))),
      out.width,
    ),
  );
}
