import {
  eventTypeEntity,
  eventTypeSchemaEntity,
  type EventTypeRow,
  type EventTypeSchema,
} from '@oms-webhooks/db';
import type { JsonObject } from '@oms-webhooks/domain';
import type { Caller } from '@oms-webhooks/http';
import type { DataSource, EntityManager } from 'typeorm';
import { recordChange } from '../audit/record-change.ts';

/** What a superuser says of an event type. */
export interface EventTypeBody {
  name: string;
  description: string;
  schema?: JsonObject | null;
  example?: JsonObject | null;
}

type EventTypeChanges = Omit<Partial<EventTypeBody>, 'name'>;

/** The event types that are made through the API, with all versions of their schemas. */
export class EventTypeStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** Newest first; none for a type that is not of the API. */
  async versions(name: string): Promise<EventTypeSchema[]> {
    const type = await this.#orm.getRepository(eventTypeEntity).findOneBy({ name });
    if (!type) return [];
    return versionsOf(this.#orm.manager, type);
  }

  /** @throws a unique violation when there is one of that name */
  create(caller: Caller, { name, description, schema = null, example = null }: EventTypeBody): Promise<void> {
    return this.#orm.transaction(async (manager) => {
      const { identifiers } = await manager.insert(eventTypeEntity, { name, description });
      const id = (identifiers as { id: number }[])[0]!.id;
      await addVersion(manager, { eventTypeId: id, version: 1, schema, example });
      await record(manager, caller, 'create', id, {}, { name, description, schema, example });
    });
  }

  /** Another schema or example makes a new version. @returns whether there is such a type */
  change(caller: Caller, name: string, changes: EventTypeChanges): Promise<boolean> {
    return this.#orm.transaction(async (manager) => {
      const type = await locked(manager, name);
      if (!type) return false;
      const [newest] = await versionsOf(manager, type);
      const { version = 0, schema = null, example = null } = newest ?? {};
      const before = { description: type.description, schema, example };
      const after = { ...before, ...changes };
      if (JSON.stringify([after.schema, after.example]) !== JSON.stringify([schema, example]))
        await addVersion(manager, {
          eventTypeId: type.id,
          version: version + 1,
          schema: after.schema,
          example: after.example,
        });
      // Always, for its notice of change.
      await manager
        .createQueryBuilder()
        .update(eventTypeEntity)
        .set({ description: after.description, modifiedDate: () => 'now()' })
        .where({ id: type.id })
        .execute();
      await record(manager, caller, 'update', type.id, before, after);
      return true;
    });
  }

  /** @returns whether there was such a type */
  delete(caller: Caller, name: string): Promise<boolean> {
    return this.#orm.transaction(async (manager) => {
      const type = await locked(manager, name);
      if (!type) return false;
      await record(manager, caller, 'delete', type.id, { name, description: type.description }, {});
      await manager.delete(eventTypeEntity, { id: type.id });
      return true;
    });
  }
}

const versionsOf = (manager: EntityManager, { id }: EventTypeRow): Promise<EventTypeSchema[]> =>
  manager.find(eventTypeSchemaEntity, { where: { eventTypeId: id }, order: { version: 'DESC' } });

const addVersion = (manager: EntityManager, version: Omit<EventTypeSchema, 'createdDate'>) =>
  manager.insert(eventTypeSchemaEntity, version as object);

const locked = (manager: EntityManager, name: string): Promise<EventTypeRow | null> =>
  manager.findOne(eventTypeEntity, { where: { name }, lock: { mode: 'pessimistic_write' } });

function record(
  manager: EntityManager,
  caller: Caller,
  action: 'create' | 'update' | 'delete',
  objectId: number,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Promise<void> {
  const { accountId: ownerId } = caller;
  return recordChange(manager, caller, {
    action,
    objectType: 'event_type',
    objectId,
    ownerId,
    before,
    after,
  });
}
