import { isUniqueViolation } from '@oms-webhooks/db';
import { compileEventSchema, eventTypeNamed, formatInstant, type JsonObject } from '@oms-webhooks/domain';
import {
  conflict,
  notFound,
  pageOf,
  pageReply,
  permissionDenied,
  validate,
  validationFailed,
  type ApiRequest,
  type Reply,
  type Route,
} from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';
import { changedType, newType } from './event-type-body.ts';
import { EventTypeStore } from './event-type-store.ts';
import type { EventType, EventTypes } from './event-types.ts';

export interface EventTypesDeps {
  orm: DataSource;
  eventTypes: EventTypes;
}

/** `/api/v1/oms/event_types/`: what may happen and what its payload is like; superusers add to it. */
export function eventTypesRoutes({ orm, eventTypes }: EventTypesDeps): Route[] {
  const store = new EventTypeStore(orm);

  async function detailOf(name: string, status = 200): Promise<Reply> {
    const type = (await eventTypes.knownWith(name)).get(name);
    if (!type) throw notFound();
    const versions = (await store.versions(name)).map(({ version, schema, example, createdDate }) => ({
      version,
      schema,
      example,
      created_date: formatInstant(createdDate),
    }));
    return { status, json: { ...shown(type), versions } };
  }

  /** One that is to be changed: those of the catalogue and the settings are no rows. */
  async function changeableName({ account, params: { name = '' } }: ApiRequest): Promise<string> {
    if (!account.superuser) throw permissionDenied();
    const type = (await eventTypes.knownWith(name)).get(name);
    if (!type) throw notFound();
    if (type.source !== 'api')
      throw conflict(
        `This event type is of the ${SOURCES[type.source]}; POST one of its name to replace it.`,
      );
    return name;
  }

  return [
    {
      path: '/api/v1/oms/event_types/',
      async GET({ absoluteUrl }) {
        const types = [...(await eventTypes.known()).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        const page = pageOf(absoluteUrl, types.length);
        const shownTypes = types.slice(page.offset, page.offset + page.limit);
        return pageReply(
          page,
          shownTypes.map((type) => JSON.stringify(shown(type))),
        );
      },
      async POST(request) {
        if (!request.account.superuser) throw permissionDenied();
        const body = validate(newType, (await request.body()).value);
        requireFittingExample(body.schema, body.example);
        const { name } = body;
        const other = eventTypeNamed(name, await eventTypes.knownWith(name));
        if (other !== undefined && other !== name)
          throw validationFailed({ name: [`"${name}" is taken as "${other}".`] });
        await store.create(request.account, body).catch((error: unknown) => {
          if (!isUniqueViolation(error)) throw error;
          throw validationFailed({ name: ['event type with this name already exists.'] });
        });
        eventTypes.clear();
        return detailOf(name, 201);
      },
    },
    {
      path: '/api/v1/oms/event_types/:name/',
      GET: ({ params }) => detailOf(params.name ?? ''),
      async PATCH(request) {
        const name = await changeableName(request);
        const changes = validate(changedType, (await request.body()).value);
        const [newest] = await store.versions(name);
        const { schema = newest?.schema, example = newest?.example as JsonObject | undefined } = changes;
        requireFittingExample(schema, example);
        if (!(await store.change(request.account, name, changes))) throw notFound();
        eventTypes.clear();
        return detailOf(name);
      },
      async DELETE(request) {
        const name = await changeableName(request);
        if (!(await store.delete(request.account, name))) throw notFound();
        eventTypes.clear();
        return { status: 204 };
      },
    },
  ];
}

const SOURCES = { catalogue: 'catalogue', settings: 'settings', published: 'publisher apps' };

const shown = ({ name, description, source, version, schema, example }: EventType) => ({
  name,
  description,
  source,
  version,
  schema,
  example,
});

function requireFittingExample(schema?: JsonObject | null, example?: JsonObject | null): void {
  const fault = schema && example ? compileEventSchema(schema)(example) : undefined;
  if (fault !== undefined) throw validationFailed({ example: [fault] });
}
