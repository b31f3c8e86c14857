import { DEFAULT_CONCURRENCY, type Concurrency, type Load } from './load.ts';
import {
  BUSY,
  COMMIT_MS,
  COMMITS_AT_ONCE,
  CONNECTIONS,
  CPU_MS,
  DEAD_SHARE,
  KAFKA_BYTES,
  LEAST_REPLICAS,
  MEASURED_PAYLOAD,
  OVERHEAD_MS,
  PARTITIONS,
  REQUEST_BYTES,
  STORED_BYTES,
  WAL_BYTES,
} from './measured.ts';

const DAY = 86_400;

/** What a load takes, by the formulas of docs/capacity.md. Rates are those of the busiest minutes. */
export interface Need {
  /** Events, and requests to targets, a second. */
  peak: number;
  requests: number;
  inFlight: number;
  /** Cores that are busy, by process. */
  cores: Record<keyof typeof CPU_MS, number>;
  ingestApis: number;
  dispatchers: number;
  partitions: number;
  connections: number;
  walBytesASecond: number;
  kafkaBytesASecond: number;
  targetBytesASecond: number;
  storedBytesADay: number;
  storedBytes: number;
}

/** Seconds that a request occupies one of the places in flight. */
const slotSeconds = (targetMs: number): number => (targetMs + OVERHEAD_MS) / 1000;

/** Little's law: what is in flight is what comes in a second times how long it stays. */
export const inFlight = (requestsASecond: number, targetMs: number): number =>
  requestsASecond * slotSeconds(targetMs);

/** Requests a second that so many dispatchers send at most to so many equally busy webhooks, whatever their CPU. */
export function allowedRate(
  dispatchers: number,
  webhooks: number,
  targetMs: number,
  { DELIVERY_CONCURRENCY, WEBHOOK_CONCURRENCY }: Concurrency = DEFAULT_CONCURRENCY,
): number {
  const places = Math.min(DELIVERY_CONCURRENCY, webhooks * WEBHOOK_CONCURRENCY);
  return (dispatchers * places) / slotSeconds(targetMs);
}

/** Group commit: what comes to a process while its commits are under way goes together in the next one. */
export const eventsACommit = (aSecond: number): number =>
  Math.max(1, (aSecond * COMMIT_MS) / 1000 / COMMITS_AT_ONCE);

const connectionsOf = (ingestApis: number, dispatchers: number): number =>
  ingestApis * CONNECTIONS['ingest API'] + dispatchers * CONNECTIONS.dispatcher;

export function needOf(load: Load, concurrency: Concurrency = DEFAULT_CONCURRENCY): Need {
  const peak = load.rate * load.peakFactor;
  const requests = peak * load.attempts;
  const beyond = load.payloadBytes - MEASURED_PAYLOAD;
  const cores = coresOf(peak, requests);
  const dispatchers = dispatchersFor(cores.dispatcher, inFlight(requests, load.targetMs), load, concurrency);
  const ingestApis = replicas(cores['ingest API'] / BUSY);
  const storedBytesADay =
    load.rate *
    DAY *
    ((STORED_BYTES.event + beyond) * (1 + DEAD_SHARE) + load.attempts * STORED_BYTES.attempt);
  return {
    peak,
    requests,
    inFlight: inFlight(requests, load.targetMs),
    cores,
    ingestApis,
    dispatchers,
    partitions: partitionsFor(dispatchers),
    connections: connectionsOf(ingestApis, dispatchers),
    walBytesASecond: peak * (WAL_BYTES.event + beyond) + requests * WAL_BYTES.attempt,
    kafkaBytesASecond: peak * (KAFKA_BYTES.event + beyond) + requests * KAFKA_BYTES.attempt,
    targetBytesASecond: requests * (load.payloadBytes + REQUEST_BYTES),
    storedBytesADay,
    storedBytes: storedBytesADay * load.retentionDays,
  };
}

/** A repeated attempt is taken to cost what a first one does; it costs less, since nothing is read from Kafka for it. */
function coresOf(peak: number, requests: number): Need['cores'] {
  return {
    'ingest API': (peak * CPU_MS['ingest API']) / 1000,
    dispatcher: (requests * CPU_MS.dispatcher) / 1000,
    PostgreSQL: (requests * CPU_MS.PostgreSQL) / 1000,
    Kafka: (requests * CPU_MS.Kafka) / 1000,
  };
}

/** The most of three: for their CPU, for all that is in flight, and for what the busiest webhook has in flight. */
function dispatchersFor(
  cores: number,
  all: number,
  { busiestShare }: Load,
  { DELIVERY_CONCURRENCY, WEBHOOK_CONCURRENCY }: Concurrency,
): number {
  return replicas(
    Math.max(cores / BUSY, all / DELIVERY_CONCURRENCY, (all * busiestShare) / WEBHOOK_CONCURRENCY),
  );
}

/** Two for each dispatcher, so that shares differ by little, and never fewer than the services make. */
const partitionsFor = (dispatchers: number) => PARTITIONS * Math.ceil((2 * dispatchers) / PARTITIONS);

const replicas = (count: number) => Math.max(LEAST_REPLICAS, Math.ceil(count));
