import { publishedEventEntity, type RegistryTopic, type Subscribers } from '@oms-webhooks/db';
import { FilterLogic } from '@oms-webhooks/domain';
import {
  dictField,
  objectField,
  validate,
  validationFailed,
  type ApiRequest,
  type Route,
} from '@oms-webhooks/http';
import type Joi from 'joi';
import type { DataSource } from 'typeorm';
import { eventNameOf, topicOf } from '../event-routes.ts';
import { PATHS } from '../operations.ts';
import { tenantOf } from '../os1-headers.ts';
import { refuse } from '../refusals.ts';
import type { TopicFanOut } from './topic-fan-out.ts';
import { filterData, readMessage, UnreadableMessage, type TopicMessage } from './topic-message.ts';

export interface TryEventDeps {
  orm: DataSource;
  subscribers: Subscribers;
  topicFanOut: TopicFanOut;
}

interface TryBody {
  message?: Record<string, unknown>;
  event?: Record<string, unknown>;
}

export const tryBody = objectField({
  message: dictField({ required: false }),
  event: dictField({ required: false }),
}) as Joi.ObjectSchema<TryBody>;

const EVERYTHING = new FilterLogic(true);

/** `POST …/topics/{topic}/events/{name}/try`: what a message would come to, without publishing it. */
export function tryEventRoute({ orm, subscribers, topicFanOut }: TryEventDeps): Route {
  return {
    path: PATHS.tryEvent,
    async POST(request) {
      const event = await ownEvent(orm, request, topicOf(request), eventNameOf(request));
      const document = await request.body({ message: 'raw' });
      const { message, event: body } = validate(tryBody, document.value);
      const text = document.raw(['message']) ?? JSON.stringify({ eventType: event.eventType, event: body });
      if (message === undefined && body === undefined) {
        throw validationFailed({ message: ['This field is required, or "event".'] });
      }
      const read = readGiven(text);
      const logic = event.filterLogic === null ? EVERYTHING : new FilterLogic(event.filterLogic);
      const { matches, error, explanation } = logic.explain(filterData(read));
      const typeMatches = read.eventType === event.eventType;
      const lookUp = topicFanOut.lookUpOf(event, read);
      const path = lookUp !== null && 'path' in lookUp ? lookUp.path : null;
      const { length } = await subscribers.ofPublishedEvent(event.id);
      return {
        status: 200,
        json: {
          data: {
            matches: typeMatches && matches,
            eventType: { message: read.eventType, event: event.eventType, matches: typeMatches },
            filterLogic: { matches, error, explanation },
            lookupPath: path,
            missingParameter: lookUp !== null && 'missing' in lookUp ? lookUp.missing : null,
            payload: path === null ? read.fields : null,
            subscribers: length,
          },
        },
      };
    },
  };
}

/** Its filter is nobody else's business. */
async function ownEvent(orm: DataSource, request: ApiRequest, topic: RegistryTopic, name: string) {
  const { accountId } = request.account;
  const tenant = tenantOf(request);
  const event = await orm.manager.findOneBy(publishedEventEntity, {
    topic,
    name,
    app: { accountId, tenant },
  });
  return (
    event ?? Promise.reject(refuse('unknown events', `This account has not registered ${name} on ${topic}.`))
  );
}

function readGiven(text: string): TopicMessage {
  try {
    return readMessage({ key: null, value: Buffer.from(text), headers: {} });
  } catch (error) {
    if (error instanceof UnreadableMessage) throw validationFailed({ message: [error.message] });
    throw error;
  }
}
