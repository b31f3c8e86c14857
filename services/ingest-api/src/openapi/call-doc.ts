import type { JsonSchema, Method } from '@oms-webhooks/http';

/** A parameter or header as OpenAPI writes it. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  schema: JsonSchema;
  example?: unknown;
}

/** One answer of a call. Without a schema its body is empty. */
export interface Answer {
  description: string;
  schema?: JsonSchema;
  example?: unknown;
  /** By name; each may be one of several answers' (`X-Event-UUID`). */
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  /** JSON unless told. */
  mediaType?: string;
  /** What to go on with, by the call's id. */
  links?: Readonly<Record<string, Link>>;
}

/** Where another call finds what this answer has, as OpenAPI's runtime expressions: `$response.body#/id`. */
export interface Link {
  parameters?: Readonly<Record<string, string>>;
  requestBody?: Readonly<Record<string, string>>;
}

/** The calls about an object that an answer shows. @param pointer of its id in the answer */
export const linksById = (pointer: string, ...calls: string[]): Record<string, Link> =>
  Object.fromEntries(calls.map((id) => [id, { parameters: { id: `$response.body#${pointer}` } }]));

/** What a call takes as its body, in one media type. */
export interface Body {
  schema: JsonSchema;
  example: unknown;
  /** None is as good as `{}`. */
  optional?: true;
}

/**
 * What is said of one call beyond what holds for all of its family: the errors that authentication, reading a body, a path,
 * the rate limit and outages bring are added (`family-answers.ts`).
 */
export interface CallDoc {
  /** Its name in generated clients; camelCase, and for good. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** Beside those of the path. */
  parameters?: readonly Parameter[];
  /** JSON, unless by media type. */
  body?: Body | Record<string, Body>;
  answers: Readonly<Record<number, Answer>>;
}

/** A row of a URL table: a path, its parameters, and each of its calls. */
export type PathDoc = { parameters?: readonly Parameter[] } & Partial<Record<Method, CallDoc>>;

/** What a folder says of its calls, by the rows' paths, and the schemas that several calls name. */
export interface Docs {
  paths: Readonly<Record<string, PathDoc>>;
  schemas?: Readonly<Record<string, JsonSchema>>;
}

/** The groups of calls, in the order in which they are shown. */
export const TAGS = {
  Publishing: 'Something happened: webhooks are to hear of it.',
  'Webhook events': 'One event for one webhook: its payload, its state, its attempts; resending.',
  Webhooks: 'A subscriber’s URL for an event type.',
  'Event types': 'What may happen, and what its payload is like.',
  Setup: 'Registering the webhooks of the settings at the Omnitron service.',
  Tokens: 'Who may call, and what for; superusers only.',
  Audit: 'Who changed what.',
  'Publisher apps': 'OS1: apps register what they publish.',
  Subscriptions: 'OS1: accounts subscribe to published events.',
  Service: 'Probes, metrics, and this document; without a token.',
} as const;

type Tag = keyof typeof TAGS;

/** A schema of `schemas`, by its name. */
export const named = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const answer = (description: string, schema?: JsonSchema, example?: unknown): Answer => ({
  description,
  ...(schema && { schema }),
  ...(example !== undefined && { example }),
});

/** An object whose members are all there. */
export const record = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
