import { accountEntity, resendTaskEntity, webhookEventEntity, type ResendTask } from '@oms-webhooks/db';
import { conflict, type Caller } from '@oms-webhooks/http';
import { In, type DataSource, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { recordChange } from '../audit/record-change.ts';
import type { EventCount } from '../webhook-events/count-events.ts';
import type { Selection } from './selection.ts';

/** One account's tasks at work at the same time. */
const MOST_UNFINISHED = 20;
const KEPT = '90 days';

const UNFINISHED = In(['READY', 'WORKING']);

/** The bulk resends of an account; a superuser's token sees all. */
export class ResendTaskStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** The newest event there is: later ones belong to no task that begins now. */
  async lastEvent(): Promise<number> {
    return (await this.#orm.getRepository(webhookEventEntity).maximum('id')) ?? 0;
  }

  create(
    caller: Caller,
    { filters, rate }: Selection,
    { lastId, count, estimated }: EventCount & { lastId: number },
  ): Promise<number> {
    const { accountId, superuser } = caller;
    return this.#orm.transaction(async (manager) => {
      const tasks = manager.getRepository(resendTaskEntity);
      await tasks.createQueryBuilder().delete().where(`finished_date < now() - interval '${KEPT}'`).execute();
      // One after the other, so that their number is right.
      await manager.findOneOrFail(accountEntity, {
        where: { id: accountId },
        lock: { mode: 'pessimistic_write' },
      });
      if ((await tasks.countBy({ accountId, state: UNFINISHED })) >= MOST_UNFINISHED)
        throw conflict(`${MOST_UNFINISHED} tasks of this account are unfinished: wait, or abort one.`);
      const inserted = await tasks
        .createQueryBuilder()
        .insert()
        .values({ accountId, superuser, filters, rate, total: count, estimated, lastId })
        .returning('id')
        .updateEntity(false)
        .execute();
      const { id } = (inserted.raw as { id: number }[])[0]!;
      await recordChange(manager, caller, {
        action: 'create',
        objectType: 'resend_task',
        objectId: id,
        ownerId: accountId,
        before: {},
        after: { filters, rate, total: count },
      });
      return id;
    });
  }

  find(caller: Caller, id: number): Promise<ResendTask | null> {
    return this.#orm
      .getRepository(resendTaskEntity)
      .findOne({ where: { ...visible(caller), id }, relations: { account: true } });
  }

  count(caller: Caller): Promise<number> {
    return this.#orm.getRepository(resendTaskEntity).countBy(visible(caller));
  }

  /** Newest first. */
  list(caller: Caller, { offset, limit }: { offset: number; limit: number }): Promise<ResendTask[]> {
    return this.#orm.getRepository(resendTaskEntity).find({
      where: visible(caller),
      relations: { account: true },
      order: { id: 'DESC' },
      skip: offset,
      take: limit,
    });
  }

  /** Ends a task; one that has ended already stays as it is. Waits for a step that is being done. */
  abort(caller: Caller, id: number): Promise<ResendTask | null> {
    return this.#orm.transaction(async (manager) => {
      const before = await manager.findOne(resendTaskEntity, {
        where: { ...visible(caller), id },
        lock: { mode: 'pessimistic_write' },
      });
      if (before && before.nextStepDate !== null) {
        await endTask(manager, id, { state: 'ABORTED' });
        await recordChange(manager, caller, {
          action: 'update',
          objectType: 'resend_task',
          objectId: id,
          ownerId: before.accountId,
          before: { state: before.state },
          after: { state: 'ABORTED' },
        });
      }
      return manager.findOne(resendTaskEntity, {
        where: { ...visible(caller), id },
        relations: { account: true },
      });
    });
  }
}

/** Ends a task that has not ended: it has no next step. */
export async function endTask(
  manager: EntityManager,
  id: number,
  changes: Partial<Pick<ResendTask, 'state' | 'error' | 'total' | 'estimated'>>,
): Promise<void> {
  await manager.update(
    resendTaskEntity,
    { id, state: UNFINISHED },
    { ...changes, nextStepDate: null, finishedDate: () => 'now()' },
  );
}

const visible = ({ accountId, superuser }: Caller): FindOptionsWhere<ResendTask> =>
  superuser ? {} : { accountId };
