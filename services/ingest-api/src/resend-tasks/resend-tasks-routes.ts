import type { ContentTypes } from '@oms-webhooks/config';
import type { ResendTask } from '@oms-webhooks/db';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import { idParameter, notFound, pageOf, pageReply, type Reply, type Route } from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';
import { countEvents } from '../webhook-events/count-events.ts';
import { applyEventFilters, visibleEvents } from '../webhook-events/event-filters.ts';
import type { ResendRunner } from './resend-runner.ts';
import { ResendTaskStore } from './resend-task-store.ts';
import { readSelection } from './selection.ts';

export interface ResendTasksDeps {
  orm: DataSource;
  contentTypes: ContentTypes;
  resendRunner: Pick<ResendRunner, 'wake'>;
}

/** `POST …/oms_hook_events/resend-events/`: many events at once; and `/api/v1/oms/tasks/`: how far that is. */
export function resendTasksRoutes({ orm, contentTypes, resendRunner }: ResendTasksDeps): Route[] {
  const store = new ResendTaskStore(orm);
  const selectionOf = readSelection(contentTypes);
  const taskId = (params: Readonly<Record<string, string>>) =>
    idParameter(params.id, Number.MAX_SAFE_INTEGER);

  return [
    {
      path: '/api/v1/oms/oms_hook_events/resend-events/',
      async POST(request) {
        const { account } = request;
        const selection = selectionOf((await request.body()).value);
        const lastId = await store.lastEvent();
        const query = visibleEvents(orm, account).andWhere('e.id <= :lastId', { lastId });
        await applyEventFilters(query, new URLSearchParams(selection.filters), account, contentTypes);
        const counted = await countEvents(orm, query);
        const shownCount = { count: counted.count, ...(counted.estimated && { estimated: true }) };
        if (selection.dryRun) return { status: 200, json: shownCount };
        const task = await store.create(account, selection, { ...counted, lastId });
        resendRunner.wake();
        return { status: 202, json: { task, ...shownCount } };
      },
    },
    {
      path: '/api/v1/oms/tasks/',
      async GET({ account, absoluteUrl }) {
        const page = pageOf(absoluteUrl, await store.count(account));
        const tasks = await store.list(account, page);
        return pageReply(
          page,
          tasks.map((task) => JSON.stringify(shown(task))),
        );
      },
    },
    {
      path: '/api/v1/oms/tasks/:id/',
      GET: async ({ account, params }) => replyWith(await store.find(account, taskId(params))),
    },
    {
      path: '/api/v1/oms/tasks/:id/abort/',
      POST: async ({ account, params }) => replyWith(await store.abort(account, taskId(params))),
    },
  ];
}

function replyWith(task: ResendTask | null): Reply {
  if (!task) throw notFound();
  return { status: 200, json: shown(task) };
}

const shown = (task: ResendTask) => ({
  id: task.id,
  state: task.state,
  total: task.total,
  done: task.done,
  failed: task.failed,
  created_date: formatInstant(task.createdDate),
  finished_date: instant(task.finishedDate),
  estimated: task.estimated,
  rate: task.rate,
  filters: task.filters,
  account: task.account.name,
  error: task.error,
});

const instant = (value: Instant | null) => value && formatInstant(value);
