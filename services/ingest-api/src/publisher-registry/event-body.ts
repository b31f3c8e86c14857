import { FilterLogic, FilterLogicError } from '@oms-webhooks/domain';
import {
  anyField,
  charField,
  documented,
  listField,
  objectField,
  partial,
  refuse,
  storable,
} from '@oms-webhooks/http';
import type Joi from 'joi';

/** What a publisher says of one event. */
export interface EventBody {
  name: string;
  description?: string;
  /** `app:<uuid>`; only the caller's own makes sense. */
  appId?: string;
  getApiPath?: string | null;
  eventType: string;
  filterLogic?: unknown;
  type: string;
}

export interface RegisterBody {
  getApiPath?: string | null;
  events: EventBody[];
}

const MOST_REGISTERED = 100;
const MOST_DELETED = 25;

const sound: Joi.CustomValidator = (logic: unknown, check) => {
  try {
    new FilterLogic(logic);
    return logic;
  } catch (error) {
    if (error instanceof FilterLogicError) return refuse(check, error.message);
    throw error;
  }
};

/** A path at the OMS API, `/app/users/{userId}`: nothing in it may lead to another host or out of its folder. */
const asApiPath: Joi.CustomValidator<string> = (path, check) => {
  const outline = path.replace(/\{\w+\}/g, 'x');
  const plain = /^\/[\w\-.~!$&'()*+,;=:@%/]*$/.test(outline) && !outline.startsWith('//');
  return plain && !outline.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))
    ? path
    : refuse(
        check,
        'Must be an absolute path such as "/users/{userId}", without host, query or dot segments.',
      );
};

const getApiPath = documented(charField({ max: 1024, required: false, nullable: true }).custom(asApiPath), {
  pattern: "^/(?!/)([A-Za-z0-9_\\-.~!$&'()*+,;=:@%/]|\\{[A-Za-z0-9_]+\\})*$",
  description: 'Without dot segments.',
});

const eventBody = objectField({
  name: charField({ max: 124 }),
  description: charField({ max: 2000, required: false, blank: true }),
  appId: charField({ max: 124, required: false }),
  getApiPath,
  eventType: charField({ max: 124 }),
  filterLogic: documented(anyField({ required: false, nullable: true }).custom(storable).custom(sound), {
    description: 'JSON Logic: an object with one operator, `true` or `false`.',
    type: ['object', 'boolean', 'null'],
    minProperties: 1,
    maxProperties: 1,
  }),
  type: charField({ max: 124 }),
}) as Joi.ObjectSchema<EventBody>;

const notEmpty: Joi.CustomValidator<unknown[]> = (list, check) =>
  list.length > 0 ? list : refuse(check, 'This list may not be empty.');

const nonEmptyList = (item: Joi.Schema, max: number) =>
  documented(listField(item, { max }), { minItems: 1 }).custom(notEmpty);

// Items that are wrong in themselves have been refused for that already.
const eachOnce: Joi.CustomValidator<({ name?: unknown } | null)[]> = (events, check) => {
  const names = events.map((event) => event?.name).filter((name) => typeof name === 'string');
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return twice === undefined ? events : refuse(check, `${JSON.stringify(twice)} is in it twice.`);
};

export const registerBody = objectField({
  getApiPath,
  events: nonEmptyList(eventBody, MOST_REGISTERED).custom(eachOnce),
}) as Joi.ObjectSchema<RegisterBody>;

export const updateBody = objectField({
  events: nonEmptyList(partial(eventBody), MOST_REGISTERED),
}) as Joi.ObjectSchema<{ events: Partial<EventBody>[] }>;

/** Names of events, each once. @param max of them */
export const eventNames = (max: number) =>
  nonEmptyList(charField({ max: 124 }), max).custom((names: string[]) => [...new Set(names)]);

export const deleteBody = objectField({ events: eventNames(MOST_DELETED) }) as Joi.ObjectSchema<{
  events: string[];
}>;
