import { busMetrics, busOfSettings, topicKeeper } from '@oms-webhooks/bus';
import {
  Batcher,
  DatabaseClock,
  databaseMetrics,
  isDatabaseAway,
  listen,
  openDatabase,
  notifyDue,
  notifyMessagesHeldUp,
  parkEvents,
  requireReadableSecrets,
  secretsOf,
  WebhookCache,
  whenDatabaseIsUp,
} from '@oms-webhooks/db';
import {
  addSeconds,
  leaseSeconds,
  targetAddressPolicy,
  type DispatchedEvent,
  type Instant,
} from '@oms-webhooks/domain';
import { pause, supervise, type Life, type Worker } from '@oms-webhooks/lifecycle';
import { createMetrics, openTracing, workerMetrics, type Log } from '@oms-webhooks/telemetry';
import { kafkaAnnouncer, noAnnouncer } from './attempt/announce.ts';
import { deliver } from './attempt/deliver.ts';
import { EgressProxy } from './attempt/egress-proxy.ts';
import { HeldLeases } from './attempt/held-leases.ts';
import { LookUps } from './attempt/look-ups.ts';
import { omsResources } from './attempt/oms-resources.ts';
import { AttemptRecorder } from './attempt/record.ts';
import { targetAgent, trustIn } from './attempt/target-agent.ts';
import { TargetAuthorization } from './attempt/target-authorization.ts';
import { TargetLookUp } from './attempt/target-look-up.ts';
import { backlogMetrics } from './backlog-metrics.ts';
import type { DispatcherConfig } from './config.ts';
import { DueScan } from './due-events/due-scan.ts';
import { dispatchIntake } from './intake/dispatch-intake.ts';
import { FellowDispatchers } from './lanes/fellow-dispatchers.ts';
import { Lanes } from './lanes/lanes.ts';
import { dispatcherMetrics } from './metrics.ts';
import { probeServer } from './probes.ts';
import { partitionKeeper } from './retention/partition-keeper.ts';
import { retention } from './retention/retention.ts';
import { WebhookHealth } from './webhook-health/webhook-health.ts';

const POOL_SIZE = 8;
const CLOCK_SYNC_MS = 10_000;
/** How long messages may still come after the ingest APIs were told to send no more. */
const LAST_MESSAGES_MS = 300;

/** The composition root of the dispatcher: everything is made here, wired here and closed in reverse order. */
export async function startDispatcher(config: DispatcherConfig, log: Log, life: Life): Promise<void> {
  const timeoutMs = config.DELIVERY_TIMEOUT_MS;
  const lease = leaseSeconds(timeoutMs);
  const metrics = createMetrics();
  const deliveryMetrics = dispatcherMetrics(metrics);
  const tracing = await openTracing({
    service: 'dispatcher',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    share: config.OTEL_TRACES_SAMPLER_ARG,
    log,
  });
  if (tracing) life.onClose('traces', () => tracing.close());
  const secrets = secretsOf(config.SECRETS_KEY);
  if (config.NODE_ENV === 'production' && config.SECRETS_KEY === undefined)
    log.warn('SECRETS_KEY is not set: secrets of webhooks are stored as they were given');
  const waitingFor = new Set(['PostgreSQL']);

  let missing = () => Promise.resolve([...waitingFor]);
  const probes = probeServer({
    metrics,
    missing: () => missing(),
    stopping: () => life.signal.aborted,
  });
  await new Promise<void>((resolve, reject) => {
    probes.once('error', reject).listen(config.DISPATCHER_PORT, resolve);
  });
  life.onClose('probes', () => void probes.close());

  const waiting = { signal: life.signal, pause, log };
  const database = await whenDatabaseIsUp(
    () =>
      openDatabase({ url: config.DATABASE_URL, applicationName: 'dispatcher', poolSize: POOL_SIZE, secrets }),
    waiting,
  );
  life.onClose('database', () => database.close());
  const { pool, orm } = database;
  databaseMetrics(metrics, pool);
  const clock = new DatabaseClock(pool);
  await whenDatabaseIsUp(async () => {
    await requireReadableSecrets(database);
    await clock.synchronise();
  }, waiting);
  waitingFor.delete('PostgreSQL');
  const now = () => clock.now();

  const trust = config.DELIVERY_CA_FILE && trustIn(config.DELIVERY_CA_FILE.certificates);
  const proxy =
    config.DELIVERY_PROXY_URL &&
    new EgressProxy({ proxy: config.DELIVERY_PROXY_URL, trust, timeoutMs, now: () => now() / 1000, log });
  const agent = targetAgent({
    lookUp: new TargetLookUp(targetAddressPolicy(config.DELIVERY_ALLOWED_NETWORKS)),
    connectTimeoutMs: timeoutMs,
    trust,
    proxy,
  });
  life.onClose('target connections', () => agent.destroy());

  const webhooks = new WebhookCache(orm);
  const leases = new HeldLeases({ pool, leaseSeconds: lease, log });
  const recorder = new AttemptRecorder({
    pool,
    leases,
    limits: {
      maxAttempts: config.DELIVERY_MAX_ATTEMPTS,
      recoveryAttempts: config.DELIVERY_RECOVERY_ATTEMPTS,
    },
    now,
    random: Math.random,
    pause: (ms) => pause(ms),
    onRecorded: deliveryMetrics.recorded,
    log,
  });

  /** What cannot be parked while PostgreSQL is away comes back when its lease runs out. */
  const park = async (events: DispatchedEvent[], until: Instant | null): Promise<void> => {
    deliveryMetrics.parked(events.length);
    try {
      await leases.settled();
      await parkEvents(pool, events, until);
      // What a dispatcher that stops gives back is for the others.
      if (life.signal.aborted)
        await notifyDue(
          pool,
          events.map(({ webhookId }) => webhookId),
        );
    } catch (error) {
      log.warn('events could not be parked', { events: events.length, error });
    }
  };
  const parkedUntil = (until: () => Instant | null) =>
    new Batcher<DispatchedEvent, undefined>(
      async (events) => {
        await park(events, until());
        return events.map(() => undefined);
      },
      { maxItems: 500, concurrency: 1 },
    );
  const givenBack = parkedUntil(() => null);
  const postponed = parkedUntil(() => addSeconds(now(), (proxy?.waitMs ?? 0) / 1000));

  const bus = busOfSettings(config, 'dispatcher', log);
  if (bus) life.onClose('bus', () => bus.close());
  if (bus) busMetrics(metrics, bus, { dispatcher: ['oms.webhook-dispatch'] });
  const announcer = bus ? kafkaAnnouncer({ bus, metrics: deliveryMetrics, log }) : noAnnouncer;
  life.onClose('announced attempts', () => announcer.close());

  const health: WebhookHealth = new WebhookHealth({
    pool,
    wake: (webhookIds) => scan.wake(webhookIds),
    onDisabled: deliveryMetrics.webhookDisabled,
    log,
  });
  const resources = omsResources({
    url: config.OMS_API_URL,
    token: config.OMS_API_TOKEN,
    contentTypes: config.CONTENT_TYPES,
    timeoutMs,
  });
  const lookUps = new LookUps({ resources, timeoutMs, now });
  const delivery = {
    agent,
    pool,
    webhooks,
    recorder,
    announcer,
    leases,
    timeoutMs,
    now,
    log,
    lookUps,
    authorization: new TargetAuthorization(agent, timeoutMs),
    health,
    metrics: deliveryMetrics,
    tracing,
    giveBack: (event: DispatchedEvent) => givenBack.add(event),
    postpone: (event: DispatchedEvent) => postponed.add(event),
    proxyPauseMs: () => proxy?.pauseMs ?? 0,
    retryAt: (webhookId: number, instant: Instant) => scan.expect(webhookId, instant),
    wake: (webhookId: number) => scan.wake([webhookId]),
  };
  const lanes = new Lanes({
    attempt: (event, stillOurs) => deliver(event, stillOurs, delivery),
    findResource: (event) => lookUps.found(event),
    park,
    hungry: (webhookId) => scan.wake([webhookId]),
    concurrency: config.DELIVERY_CONCURRENCY,
    webhookConcurrency: config.WEBHOOK_CONCURRENCY,
    now,
  });
  backlogMetrics(metrics, { pool, lanes, announcer, now });
  const fellows: FellowDispatchers = new FellowDispatchers({
    pool,
    onChange: () => scan.webhooksChanged(),
    log,
  });
  const scan: DueScan = new DueScan({
    pool,
    lanes,
    dispatchers: () => fellows.count,
    leaseSeconds: lease,
    now,
    log,
  });
  await fellows.read();

  const workers: Worker[] = [
    scan,
    fellows,
    health,
    partitionKeeper(pool, log),
    retention({ pool, days: config.RETENTION_DAYS, log }),
    { name: 'clock', run: (signal) => keepClock(clock, signal) },
    {
      name: 'notices',
      run: (signal) =>
        listen({
          url: database.url,
          applicationName: fellows.applicationName,
          signal,
          pause,
          channels: {
            oms_webhooks_due: (ids) => scan.wake(ids.split(',').map(Number)),
            oms_webhooks_resent: (id) => {
              lanes.probe(Number(id));
              scan.wake([Number(id)]);
            },
            oms_webhooks_changed: (notice) => {
              webhooks.changed(notice);
              scan.webhooksChanged();
            },
          },
          onConnected: () => {
            webhooks.clear();
            scan.sweep();
          },
        }),
    },
  ];
  /** A lost notice only costs what is sent meanwhile a wait. */
  const sayHeldUp = () => notifyMessagesHeldUp(pool).catch(() => undefined);
  if (bus) {
    workers.push(
      topicKeeper(bus),
      dispatchIntake({
        bus,
        pool,
        lanes,
        giveBack: delivery.giveBack,
        onDoubt: () => {
          leases.extend(lanes.heldByMessage);
          void sayHeldUp();
        },
        onBehind: () => void sayHeldUp(),
        leaseSeconds: lease,
        timeoutMs,
        now,
        tracing,
        log,
      }),
    );
  }

  const supervision = supervise(workers, { log });
  workerMetrics(metrics, workers, supervision.down);
  missing = async () => {
    const answers = await pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return [...(answers ? [] : ['PostgreSQL']), ...supervision.down()];
  };
  // Closed first: lanes give back what is queued and take nothing new, what is in flight is finished and recorded.
  life.onClose('workers', () => supervision.stop());
  life.onClose('lanes', () => lanes.stop(), timeoutMs + 5000);
  // Before that: what is still sent through Kafka is taken here, since it would lie there until the group is settled.
  life.onClose('road', async () => {
    if (!bus) return;
    void sayHeldUp();
    await pause(LAST_MESSAGES_MS);
  });
  log.info('dispatcher is up', { port: config.DISPATCHER_PORT, kafka: bus !== undefined });
}

/** A clock that drifts or steps is set right within seconds. */
async function keepClock(clock: DatabaseClock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(CLOCK_SYNC_MS, signal);
    await clock.synchronise().catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
    });
  }
}
