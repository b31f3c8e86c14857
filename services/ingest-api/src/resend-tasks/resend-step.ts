import type { ContentTypes } from '@oms-webhooks/config';
import { isDatabaseAway, resendEvents, resendTaskEntity, type ResendTask } from '@oms-webhooks/db';
import { ApiError } from '@oms-webhooks/http';
import type { Log } from '@oms-webhooks/telemetry';
import type { DataSource, EntityManager } from 'typeorm';
import type { IngestMetrics } from '../metrics.ts';
import { applyEventFilters, visibleEvents } from '../webhook-events/event-filters.ts';
import { endTask } from './resend-task-store.ts';

/** A step looks at so many events, whether they match or not: with filters that match little it would read whole weeks. */
const EVENTS_LOOKED_AT = 5000;
const MOST_RESENT = 1000;
const STEPS_A_SECOND = 2;
/** Steps in a row that may go wrong before the task has failed. */
const MOST_FAULTS = 5;
const AFTER_A_FAULT_SECONDS = 10;

export interface ResendStepDeps {
  orm: DataSource;
  contentTypes: ContentTypes;
  metrics?: Pick<IngestMetrics, 'resendFailed'>;
  log: Log;
}

/**
 * Does the next step of the task that has been due for longest: some events are resent, and how far it has come is
 * written, in one transaction. So a process that dies leaves nothing half done, any replica goes on, and no event is resent
 * twice. The rate is in the row, too: it is what the next step waits for.
 * @returns whether a task was due
 */
export async function resendStep(deps: ResendStepDeps): Promise<boolean> {
  const { orm } = deps;
  let task: ResendTask | null = null;
  try {
    return await orm.transaction(async (manager) => {
      task = await lockDueTask(manager);
      if (task) await takeStep(task, manager, deps);
      return task !== null;
    });
  } catch (error) {
    if (task === null || isDatabaseAway(error)) throw error;
    await noteFault(task, error, deps);
    return true;
  }
}

/** How long until the next task is due, in ms; undefined when there is none. */
export async function nextStepIn(orm: DataSource): Promise<number | undefined> {
  const [row] = await orm.query<{ ms: number | null }[]>(
    'SELECT (extract(epoch FROM min(next_step_date) - now()) * 1000)::float8 AS ms FROM resend_task WHERE next_step_date IS NOT NULL',
  );
  return row?.ms ?? undefined;
}

/** Plan: resend_task_due. */
function lockDueTask(manager: EntityManager): Promise<ResendTask | null> {
  return manager
    .getRepository(resendTaskEntity)
    .createQueryBuilder('t')
    .where('t.next_step_date <= now()')
    .orderBy('t.next_step_date')
    .limit(1)
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .getOne();
}

async function takeStep(task: ResendTask, manager: EntityManager, deps: ResendStepDeps): Promise<void> {
  const { id, cursorId, lastId, rate, done, failed, state } = task;
  // Plan: the primary keys of all partitions, merged.
  const [first] = await manager.query<{ id: number }[]>(
    'SELECT id FROM webhook_event WHERE id > $1 AND id <= $2 ORDER BY id LIMIT 1',
    [cursorId, lastId],
  );
  if (!first) {
    await endTask(manager, id, { state: 'FINISHED', total: done + failed, estimated: false });
    deps.log.info('a bulk resend is finished', { task: id, done, failed });
    return;
  }
  const room = Math.min(MOST_RESENT, Math.ceil(rate / STEPS_A_SECOND));
  const through = Math.min(first.id + EVENTS_LOOKED_AT - 1, lastId);
  const events = await matchingEvents(task, { from: first.id, through, room }, manager, deps);
  const resent = await resendEvents(manager, events, { probing: state === 'READY' });
  const foundAll = events.length < room;
  await manager.update(
    resendTaskEntity,
    { id },
    {
      state: 'WORKING',
      cursorId: foundAll ? through : (events.at(-1)?.id ?? through),
      done: done + resent,
      failed: failed + events.length - resent,
      faults: 0,
      nextStepDate: () => `now() + interval '1 second' * ${events.length / rate}`,
    },
  );
}

/** The next events of a task, oldest first; as many as there is room for, of a stretch of ids. */
async function matchingEvents(
  { accountId, superuser, filters }: ResendTask,
  { from, through, room }: { from: number; through: number; room: number },
  manager: EntityManager,
  { orm, contentTypes }: ResendStepDeps,
): Promise<{ id: number; createdDate: number }[]> {
  const scope = { accountId, superuser };
  const query = visibleEvents(orm, scope)
    .select('e.id', 'id')
    .addSelect('e.created_date', 'createdDate')
    .andWhere('e.id BETWEEN :from AND :through', { from, through })
    .orderBy('e.id')
    .limit(room);
  await applyEventFilters(query, new URLSearchParams(filters), scope, contentTypes);
  const [text, values] = query.getQueryAndParameters();
  return manager.query(text, values);
}

/** What goes wrong is tried again, unless trying again cannot help. */
async function noteFault(
  { id, faults }: ResendTask,
  error: unknown,
  { orm, metrics, log }: ResendStepDeps,
): Promise<void> {
  if (error instanceof ApiError || faults + 1 >= MOST_FAULTS) {
    log.error('a bulk resend has failed', { task: id, error });
    const reason =
      error instanceof ApiError ? JSON.stringify(error.body) : 'A fault of ours; the log has more.';
    await endTask(orm.manager, id, { state: 'FAILED', error: reason });
    metrics?.resendFailed();
    return;
  }
  log.warn('a step of a bulk resend went wrong and is tried again', { task: id, error });
  await orm
    .getRepository(resendTaskEntity)
    .update(
      { id },
      { faults: faults + 1, nextStepDate: () => `now() + interval '${AFTER_A_FAULT_SECONDS} seconds'` },
    );
}
