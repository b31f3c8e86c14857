import {
  defaultContentTypes,
  toContentTypes,
  toWantedWebhooks,
  type WantedWebhook,
} from './content-types.ts';
import { noEventTypes, toEventTypes } from './event-types.ts';
import { caBundle } from './ca-bundle.ts';
import { jsonOrFile } from './json-or-file.ts';
import { proxyUrl } from './proxy-url.ts';
import { cidrList, duration, flag, integer, keys, list, oneOf, port, share, text, url } from './kinds.ts';
import { rule } from './read-settings.ts';
import { required } from './setting.ts';

const http = ['http', 'https'] as const;

/** Every variable of the system, declared once; each process picks what it needs. */
export const variables = {
  NODE_ENV: text('`production` switches off what is only for development', { default: 'development' }),
  LOG_LEVEL: oneOf('least level that is logged', ['error', 'warn', 'info', 'debug'], { default: 'info' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('collector of traces, OTLP over HTTP (`/v1/traces` is put after it)', {
    default: undefined,
    shown: 'unset: no traces',
    schemes: http,
  }),
  OTEL_EXPORTER_OTLP_HEADERS: text('headers for that collector: `name=value`, comma list, %20 for a blank', {
    default: undefined,
    secret: true,
  }),
  OTEL_TRACES_SAMPLER_ARG: share('of the traces that begin here, the share that is recorded, 0 to 1', {
    default: 1,
  }),

  DATABASE_URL: url('PostgreSQL 14 or newer', {
    schemes: ['postgres', 'postgresql'],
    secret: true,
    shown: 'unset: embedded, refused in production',
    default: required(
      'name a PostgreSQL 14 or newer (an embedded one comes with `npm start` outside production)',
    ),
  }),

  KAFKA_BROKERS: list('Kafka brokers, comma list of host:port', {
    default: undefined,
    shown: 'unset: no broker, dispatch goes through PostgreSQL alone',
    check: (item) => (/^.+:\d{1,5}$/.test(item) ? undefined : `has "${item}", which is not host:port`),
  }),
  KAFKA_SSL: flag('TLS to the brokers', { default: false }),
  KAFKA_SASL_MECHANISM: oneOf('how to log in to the brokers', ['plain', 'scram-sha-256', 'scram-sha-512'], {
    default: undefined,
  }),
  KAFKA_SASL_USERNAME: text('user at the brokers', { default: undefined }),
  KAFKA_SASL_PASSWORD: text('password at the brokers', { default: undefined, secret: true }),
  KAFKA_TOPIC_PREFIX: text('put before every topic name', { default: '', noSpaces: true }),

  PORT: port('ingest API, with the console', { default: 8080 }),
  DISPATCHER_PORT: port("dispatcher's probes and metrics", { default: 8081 }),
  API_TOKEN: text('bootstrap superuser token, 20 characters or more', {
    default: undefined,
    secret: true,
    minLength: 20,
    noSpaces: true,
  }),
  STOP_DELAY_MS: duration(
    'how long the ingest API goes on taking requests after SIGTERM, with a red /readyz, so that load balancers turn away first',
    { default: 0, min: 0, max: 120_000 },
  ),
  RATE_LIMIT: integer('requests a second per token, with a burst of twice that', {
    default: undefined,
    shown: 'off',
    min: 1,
    max: 1_000_000,
  }),

  OMS_API_URL: url('where a {pk, model} is looked up', { default: undefined, schemes: http }),
  OMS_API_TOKEN: text('token for OMS_API_URL', { default: undefined, secret: true }),
  CONTENT_TYPES: jsonOrFile(
    'JSON or @file: model → {"id", "path"}, its content type id and the path of the resource at OMS_API_URL',
    { default: defaultContentTypes, shown: 'package 4, shipment 9, transfer 11, stock_location 13' },
    toContentTypes,
  ),

  EVENT_TYPES: jsonOrFile(
    'JSON or @file: event types beside the catalogue: name → description, or {"description", "schema", "example"} with a JSON Schema of the payload',
    { default: noEventTypes, shown: 'none' },
    toEventTypes,
  ),

  OMNITRON_WEBHOOKS: jsonOrFile(
    'JSON or @file: the webhooks that setup must register',
    // Their keys and credentials are in it.
    { default: [] as WantedWebhook[], shown: '[]', secret: true },
    toWantedWebhooks,
  ),
  OMNITRON_URL: url('service whose /whisperer/hooks/ setup talks to', {
    default: undefined,
    shown: "this system's own API",
    schemes: http,
  }),
  OMNITRON_TOKEN: text('token for OMNITRON_URL', { default: undefined, secret: true }),

  DELIVERY_TIMEOUT_MS: duration('whole request, per attempt', { default: 10_000, min: 10, max: 300_000 }),
  DELIVERY_MAX_ATTEMPTS: integer("attempts per event by the webhook's countdown", {
    default: 11,
    min: 1,
    max: 1_000,
  }),
  DELIVERY_RECOVERY_ATTEMPTS: integer('after those, one more an hour, this many; then exhausted', {
    default: 8,
    min: 0,
    max: 1_000,
  }),
  DELIVERY_CONCURRENCY: integer('requests in flight per dispatcher', { default: 1024, min: 1, max: 10_000 }),
  WEBHOOK_CONCURRENCY: integer('requests in flight per webhook', { default: 32, min: 1, max: 10_000 }),
  DELIVERY_ALLOWED_NETWORKS: cidrList(
    'CIDR list of private networks that targets may be in; set but empty: none',
    {
      default: [] as string[],
      shown: 'none; loopback with `npm start` on the embedded database',
    },
  ),
  DELIVERY_CA_FILE: caBundle(
    'file of certificates (PEM) of authorities that targets may have theirs from, beside the usual ones',
    { default: undefined },
  ),
  DELIVERY_PROXY_URL: proxyUrl(
    'HTTP proxy that all targets are reached through, by CONNECT; `http://user:password@host:port`',
    { default: undefined, shown: 'unset: directly' },
  ),

  SECRETS_KEY: keys('encrypts webhook secrets and credentials at rest, 16 characters or more', {
    default: undefined,
    shown: 'unset: not encrypted',
    minLength: 16,
  }),
  RESPONSE_CONTENT_FORMAT: oneOf("how a target's answer is shown", ['plain', 'python-bytes'], {
    default: 'plain',
  }),
  RETENTION_DAYS: integer('finished events older than this are dropped', {
    default: 84,
    min: 1,
    max: 36_500,
  }),
};

const { KAFKA_BROKERS, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = variables;
const { DELIVERY_CONCURRENCY, WEBHOOK_CONCURRENCY } = variables;

/** The rules across variables; a process hands all of them to `readSettings`, those about others stay silent. */
export const variableRules = [
  rule({ KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD }, (settings) => {
    const missing = Object.entries(settings).filter(([, value]) => value === undefined);
    if (missing.length === 0 || missing.length === 3) return undefined;
    return `KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD belong together; missing: ${missing.map(([name]) => name).join(', ')}`;
  }),
  rule({ KAFKA_BROKERS, KAFKA_SASL_MECHANISM }, (settings) =>
    settings.KAFKA_SASL_MECHANISM && !settings.KAFKA_BROKERS
      ? 'KAFKA_SASL_MECHANISM is set, and KAFKA_BROKERS is not'
      : undefined,
  ),
  rule({ DELIVERY_CONCURRENCY, WEBHOOK_CONCURRENCY }, (settings) =>
    settings.WEBHOOK_CONCURRENCY > settings.DELIVERY_CONCURRENCY
      ? `WEBHOOK_CONCURRENCY (${settings.WEBHOOK_CONCURRENCY}) must not be more than DELIVERY_CONCURRENCY (${settings.DELIVERY_CONCURRENCY})`
      : undefined,
  ),
];

/** What both services read, each for the same purpose. */
const OF_EVERY_SERVICE = [
  'NODE_ENV',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
  'DATABASE_URL',
  'SECRETS_KEY',
  'KAFKA_BROKERS',
  'KAFKA_SSL',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_TOPIC_PREFIX',
  'CONTENT_TYPES',
  'DELIVERY_TIMEOUT_MS',
  'DELIVERY_MAX_ATTEMPTS',
  'DELIVERY_ALLOWED_NETWORKS',
] as const;

/** The declarations of a service: those of every service, and its own by name. */
export function serviceVariables<const Name extends keyof typeof variables>(
  own: readonly Name[],
): Pick<typeof variables, Name | (typeof OF_EVERY_SERVICE)[number]> {
  const names: readonly string[] = [...OF_EVERY_SERVICE, ...own];
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name))) as Pick<
    typeof variables,
    Name | (typeof OF_EVERY_SERVICE)[number]
  >;
}
