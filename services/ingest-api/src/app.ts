import { busMetrics, busOfSettings, topicKeeper } from '@oms-webhooks/bus';
import {
  databaseMetrics,
  isDatabaseAway,
  listen,
  openDatabase,
  REGISTRY_TOPICS,
  requireReadableSecrets,
  secretsOf,
  Subscribers,
  WebhookCache,
  whenDatabaseIsUp,
} from '@oms-webhooks/db';
import { leaseSeconds, targetAddressPolicy } from '@oms-webhooks/domain';
import {
  answerErrors,
  atTheDoor,
  createHttpServer,
  stopOf,
  unavailable,
  unknownPath,
  urlTable,
} from '@oms-webhooks/http';
import { pause, supervise, type Life, type Worker } from '@oms-webhooks/lifecycle';
import { createMetrics, openTracing, workerMetrics, type Log } from '@oms-webhooks/telemetry';
import express, { type RequestHandler } from 'express';
import { authenticateCaller } from './accounts/authenticate-caller.ts';
import { CallerCache } from './accounts/caller-cache.ts';
import { TokenStore } from './accounts/token-store.ts';
import type { IngestApiConfig } from './config.ts';
import { serveConsole } from './console/serve-console.ts';
import { probes } from './probes.ts';
import { domainEventsConsumer } from './domain-events/domain-events-consumer.ts';
import { DomainEventReader } from './domain-events/domain-event.ts';
import { FanOut } from './domain-events/fan-out.ts';
import { OpenStreams } from './event-stream/open-streams.ts';
import { EventTypes } from './event-types/event-types.ts';
import { openApi } from './openapi/open-api.ts';
import { isOs1 } from './publisher-registry/operations.ts';
import { errorBody } from './publisher-registry/os1-errors.ts';
import { echoRequestId, tokenOf } from './publisher-registry/os1-headers.ts';
import { ingestMetrics } from './metrics.ts';
import { registryRoutes, type RegistryDeps } from './publisher-registry/registry-routes.ts';
import { RegisteredEvents } from './publisher-registry/topics/registered-events.ts';
import { topicConsumer } from './publisher-registry/topics/topic-consumer.ts';
import { TopicFanOut } from './publisher-registry/topics/topic-fan-out.ts';
import { ResendRunner } from './resend-tasks/resend-runner.ts';
import { requestLog } from './request-log.ts';
import { routes, type RoutesDeps } from './routes.ts';
import { omnitronOfSettings } from './setup/omnitron-of-settings.ts';
import { SetupRunner } from './setup/setup-runner.ts';
import { SetupTasks } from './setup/setup-tasks.ts';
import { traceRequests } from './trace-requests.ts';
import { dispatchRoad } from './webhook-events/dispatch-road.ts';
import { EventIntake } from './webhook-events/event-intake.ts';
import { checkTarget } from './webhooks/check-target.ts';
import { workMetrics } from './work-metrics.ts';

const POOL_SIZE = 12;
const RETRY_AFTER_SECONDS = 5;
/** What a test waits for a dispatcher, beside the request itself. */
const DISPATCH_MS = 5000;
/** How long requests in flight are waited for when the process stops. */
const LAST_REQUESTS_MS = 8000;

/** The composition root of the ingest API: everything is made here, wired here and closed in reverse order. */
export async function startIngestApi(config: IngestApiConfig, log: Log, life: Life): Promise<void> {
  const metrics = createMetrics();
  const counted = ingestMetrics(metrics);
  const tracing = await openTracing({
    service: 'ingest-api',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    share: config.OTEL_TRACES_SAMPLER_ARG,
    log,
  });
  if (tracing) life.onClose('traces', () => tracing.close());
  const traced = tracing && traceRequests(tracing);
  const secrets = secretsOf(config.SECRETS_KEY);
  if (config.NODE_ENV === 'production' && config.SECRETS_KEY === undefined)
    log.warn('SECRETS_KEY is not set: secrets of webhooks are stored as they were given');
  const missing = new Set(['PostgreSQL']);
  let stillMissing = () => Promise.resolve([...missing]);
  const probe = probes({ metrics, missing: () => stillMissing(), stopping: () => life.signal.aborted });
  let api: RequestHandler = (request, response, next) =>
    probe(request, response, (error) => next(error ?? unavailable(RETRY_AFTER_SECONDS)));
  const secure = atTheDoor();
  const logged = requestLog(log, counted);

  const app = express()
    .disable('x-powered-by')
    // Behind an ingress the client's address is the forwarded one; only proxies of private networks are believed.
    .set('trust proxy', 'loopback, linklocal, uniquelocal')
    // One middleware for all that every request passes: Express walks its stack for each of them.
    .use((request, response, next) => {
      secure(request, response);
      logged(request, response);
      // A client that keeps its connection learns by a whole answer that it must not send the next request on it.
      if (life.signal.aborted) response.setHeader('Connection', 'close');
      traced?.(request, response);
      if (isOs1(request.path)) echoRequestId(request, response);
      return api(request, response, next);
    })
    // After the calls, which are in a hurry.
    .use(probe, openApi({ contentTypes: config.CONTENT_TYPES }))
    .use('/console', serveConsole())
    .use(unknownPath)
    .use(answerErrors({ log, isUnavailable: isDatabaseAway, bodyOf: errorBody }));
  const server = createHttpServer(app);
  const stopServer = stopOf(server, LAST_REQUESTS_MS);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.PORT, resolve));
  life.onClose('http server, of a start cut short', stopServer);

  const waiting = { signal: life.signal, pause, log };
  const database = await whenDatabaseIsUp(
    () =>
      openDatabase({ url: config.DATABASE_URL, applicationName: 'ingest-api', poolSize: POOL_SIZE, secrets }),
    waiting,
  );
  life.onClose('database', () => database.close());
  const { orm, pool } = database;
  databaseMetrics(metrics, pool);
  const tokens = new TokenStore(orm);
  await whenDatabaseIsUp(async () => {
    await requireReadableSecrets(database);
    if (config.API_TOKEN !== undefined) await tokens.accept(config.API_TOKEN);
    else if (config.NODE_ENV === 'production' && (await tokens.count()) === 0) {
      throw new Error('The database has no token yet: set API_TOKEN to the first superuser token.');
    }
  }, waiting);

  const callers = new CallerCache(orm);
  const webhooks = new WebhookCache(orm);
  const subscribers = new Subscribers(pool);
  const eventTypes = new EventTypes({ pool, configured: config.EVENT_TYPES });
  const bus = busOfSettings(config, 'ingest-api', log);
  if (bus) life.onClose('bus', () => bus.close());
  if (bus) busMetrics(metrics, bus, { 'domain-events': ['oms.events'], 'registry-topics': REGISTRY_TOPICS });
  const road = dispatchRoad({ bus, pool, metrics: counted, tracing, log });
  const intake = new EventIntake({
    pool,
    road,
    leaseSeconds: leaseSeconds(config.DELIVERY_TIMEOUT_MS),
    metrics: counted,
    tracing,
  });

  const domainEvents = new DomainEventReader({ eventTypes, contentTypes: config.CONTENT_TYPES });
  const fanOut = new FanOut({ intake, subscribers });

  const registered = new RegisteredEvents(pool, log);
  const looksUp = config.OMS_API_URL !== undefined;
  const topicFanOut = new TopicFanOut({ intake, registered, subscribers, looksUp, log });

  const setupTasks = new SetupTasks(orm);
  const wanted = config.OMNITRON_WEBHOOKS;
  const setupRunner = new SetupRunner({ tasks: setupTasks, wanted, signal: life.signal, log });
  life.onClose('setup', () => setupRunner.stopped());

  const resendRunner = new ResendRunner({ orm, contentTypes: config.CONTENT_TYPES, metrics: counted, log });
  const openStreams = new OpenStreams();
  workMetrics(metrics, { pool, openStreams });

  const workers: Worker[] = [
    resendRunner,
    {
      name: 'notices',
      run: (signal) =>
        listen({
          url: database.url,
          signal,
          pause,
          channels: {
            oms_webhooks_changed: (notice) => {
              webhooks.changed(notice);
              eventTypes.changed(notice);
              registered.changed(notice);
              callers.changed(notice);
            },
            oms_messages_held_up: () => road.messagesHeldUp(),
          },
          onConnected: () => {
            webhooks.clear();
            eventTypes.clear();
            registered.clear();
            callers.clear();
          },
        }),
    },
  ];
  const onSetAside = counted.setAside;
  if (bus)
    workers.push(topicKeeper(bus), topicConsumer({ bus, fanOut: topicFanOut, onSetAside, tracing, log }));
  if (bus) workers.push(domainEventsConsumer({ bus, domainEvents, fanOut, onSetAside, tracing, log }));
  const supervision = supervise(workers, { log });
  workerMetrics(metrics, workers, supervision.down);
  life.onClose('workers', () => supervision.stop());
  life.onClose('events being taken', () => intake.drained());

  const deps: RoutesDeps & RegistryDeps = {
    orm,
    pool,
    intake,
    webhooks,
    eventTypes,
    domainEvents,
    fanOut,
    subscribers,
    topicFanOut,
    tokens,
    resendRunner,
    openStreams,
    stopping: life.signal,
    log,
    contentTypes: config.CONTENT_TYPES,
    responseContentFormat: config.RESPONSE_CONTENT_FORMAT,
    maxAttempts: config.DELIVERY_MAX_ATTEMPTS,
    testTimeoutMs: config.DELIVERY_TIMEOUT_MS + DISPATCH_MS,
    checkTarget: checkTarget(targetAddressPolicy(config.DELIVERY_ALLOWED_NETWORKS)),
    setup: { tasks: setupTasks, runner: setupRunner, wanted, omnitronFor: omnitronOfSettings(config) },
  };
  const authenticate = authenticateCaller((hash) => callers.find(hash), config.RATE_LIMIT);
  const drf = urlTable(routes(deps), { authenticate });
  const os1 = urlTable(registryRoutes(deps), {
    authenticate: (headers, address) => authenticate(tokenOf(headers), address),
  });
  api = (request, response, next) => (isOs1(request.path) ? os1 : drf)(request, response, next);
  // Closed before all that requests in flight still need.
  life.onClose('http server', stopServer);
  // Before that: who sends requests here learns from /readyz, and from each answer, that it is going.
  if (config.STOP_DELAY_MS > 0)
    life.onClose('last requests', () => pause(config.STOP_DELAY_MS), config.STOP_DELAY_MS + 1000);
  missing.clear();
  stillMissing = async () => {
    const answers = await pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return [...(answers ? [] : ['PostgreSQL']), ...supervision.down()];
  };
  log.info('ingest API is up', { port: config.PORT, kafka: bus !== undefined });
}
