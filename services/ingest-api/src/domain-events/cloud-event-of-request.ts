import type { CloudEventAttributes } from '@oms-webhooks/domain';
import { objectField, validate, type ApiRequest } from '@oms-webhooks/http';

export const CLOUD_EVENT = 'application/cloudevents+json';
export const CLOUD_EVENTS_BATCH = 'application/cloudevents-batch+json';

export const mediaTypeOf = ({ headers }: ApiRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** The attributes of a CloudEvent in binary mode: the headers `ce-…`, percent-decoded as its HTTP binding says. */
export function attributesOf({ headers }: ApiRequest): CloudEventAttributes {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice('ce-'.length), decoded(String(value))]);
  return Object.fromEntries(attributes) as CloudEventAttributes;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const anyObject = objectField({});

/**
 * The attributes of a CloudEvent in structured mode.
 * @throws ApiError when it is no object
 */
export function structuredAttributes(value: unknown): CloudEventAttributes {
  validate(anyObject, value);
  return value as CloudEventAttributes;
}

/** The members of a value that may be none. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
