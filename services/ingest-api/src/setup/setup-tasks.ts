import { setupTaskEntity, type SetupTask } from '@oms-webhooks/db';
import type { DataSource, Repository } from 'typeorm';

/** READY: there has been no run yet. */
export type SetupState = SetupTask['state'] | 'READY';

/** A run beats this often … */
export const BEAT_MS = 3_000;
/** … and one that has not beaten for this long was cut short. */
const STALE = `beat_date < now() - interval '15 seconds'`;
/** Older runs are forgotten. */
const KEPT_RUNS = 100;

/** The runs of setup in PostgreSQL: one at a time, whatever the number of replicas, by a unique index over WORKING. */
export class SetupTasks {
  readonly #tasks: Repository<SetupTask>;

  constructor(orm: DataSource) {
    this.#tasks = orm.getRepository(setupTaskEntity);
  }

  /** Of the last run, as every replica reads it. */
  async state(): Promise<SetupState> {
    const last = await this.#tasks
      .createQueryBuilder('t')
      .select(`CASE WHEN t.state = 'WORKING' AND ${STALE} THEN 'ABORTED' ELSE t.state END`, 'state')
      .orderBy('t.id', 'DESC')
      .limit(1)
      .getRawOne<{ state: SetupState }>();
    return last?.state ?? 'READY';
  }

  /** @returns the id of the new run, or undefined when there is one at work */
  begin(startedBy: string): Promise<number | undefined> {
    return this.#tasks.manager.transaction(async (manager) => {
      const tasks = manager.getRepository(setupTaskEntity);
      const error = 'The process that ran it has ended.';
      await tasks
        .createQueryBuilder()
        .update()
        .set({ state: 'ABORTED', error, finishedDate: () => 'now()' })
        .where(`state = 'WORKING' AND ${STALE}`)
        .execute();
      const inserted = await tasks
        .createQueryBuilder()
        .insert()
        .values({ state: 'WORKING', startedBy })
        .orIgnore()
        .returning('id')
        .updateEntity(false)
        .execute();
      const [begun] = inserted.raw as { id: number }[];
      if (begun)
        await tasks
          .createQueryBuilder()
          .delete()
          .where('id <= :last', { last: begun.id - KEPT_RUNS })
          .execute();
      return begun?.id;
    });
  }

  /** @returns whether the run is still this one; one that was silent for too long may have been replaced */
  async beat(id: number, registered: number): Promise<boolean> {
    const beaten = await this.#tasks.update(
      { id, state: 'WORKING' },
      { registered, beatDate: () => 'now()' },
    );
    return beaten.affected === 1;
  }

  async end(
    id: number,
    { state, registered, error }: Pick<SetupTask, 'state' | 'registered' | 'error'>,
  ): Promise<void> {
    await this.#tasks.update(
      { id, state: 'WORKING' },
      { state, registered, error, finishedDate: () => 'now()' },
    );
  }
}
