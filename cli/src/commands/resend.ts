import { createInterface } from 'node:readline/promises';
import { Command, type Command as CommandType } from 'commander';
import { contextOf, type Context } from '../context.ts';
import {
  addEventFilters,
  eventFiltersOf,
  positive,
  type EventFilters,
  type EventOptions,
} from '../event-options.ts';
import { EXIT, Failure } from '../failure.ts';
import { followTask } from '../follow-task.ts';

const EVENTS = '/api/v1/oms/oms_hook_events/';

interface Options extends EventOptions {
  all?: boolean;
  rate?: number;
  dryRun?: boolean;
  yes?: boolean;
  wait: boolean;
}

/** `events resend`: one by its uuid, or all that the filters select, after a look at how many these are. */
export function resendCommand(): Command {
  return addEventFilters(new Command('resend'))
    .description('send again: one event, or all that the filters select')
    .argument('[uuid]', 'of the one event')
    .option('--all', 'all events there are, without a filter')
    .option('--rate <number>', 'so many a second at most', positive)
    .option('--dry-run', 'only tells how many these are')
    .option('--yes', 'without asking')
    .option('--no-wait', 'does not wait for the end: `oms-webhooks tasks show` tells of it')
    .action(async (uuid: string | undefined, options: Options, command: CommandType) => {
      const context = contextOf(command);
      const filters = eventFiltersOf(options);
      const isNarrowed = Object.keys(filters).length > 0;
      if ([uuid !== undefined, options.all === true, isNarrowed].filter(Boolean).length !== 1)
        throw new Failure('Which? Either a uuid, or filters (--state exhausted …), or --all.', EXIT.usage);
      if (uuid === undefined) return resendMany(filters, options, context);
      await context.api.send('POST', `${EVENTS}resend-event/`, { event: uuid });
      if (context.out.json) context.out.print(JSON.stringify({ event: uuid }));
      else context.out.tell(`Event ${uuid} is sent again.`);
    });
}

async function resendMany(filters: EventFilters, options: Options, context: Context): Promise<void> {
  const { api, out } = context;
  const post = (body: object) =>
    api.send<{ count: number; estimated?: true; task?: number }>('POST', `${EVENTS}resend-events/`, body);
  const { json: preview, text } = await post({ ...filters, dry_run: true });
  const many = `${preview.estimated ? 'about ' : ''}${preview.count} event${preview.count === 1 ? '' : 's'}`;
  if (options.dryRun) return out.print(out.json ? text : `${many} would be sent again.`);
  if (preview.count === 0 && !out.json) return out.tell('There is nothing to send again.');
  if (!options.yes && !(await agreed(`Send ${many} again?`))) throw new Failure('Nothing was sent again.');
  const { rate } = options;
  const { json: begun, text: beginning } = await post({ ...filters, ...(rate !== undefined && { rate }) });
  if (!options.wait || begun.task === undefined) {
    if (out.json) return out.print(beginning);
    return out.tell(`Task ${begun.task} is at work; oms-webhooks tasks show ${begun.task}`);
  }
  await followTask(begun.task, context);
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Failure(`${question} There is nobody to ask: --yes, or --dry-run.`, EXIT.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
