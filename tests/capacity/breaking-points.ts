import { DEFAULT_CONCURRENCY, type Load } from './load.ts';
import { BUSY, CEILINGS, CONNECTIONS, LEAST_REPLICAS, PARTITIONS } from './measured.ts';
import { needOf, type Need } from './model.ts';

/** Something that ends, and where. */
export interface BreakingPoint {
  what: string;
  /** Events a second, on average over a day, from which on it does not suffice. */
  rate: number;
  /** What to do then. */
  remedy: string;
}

interface Limit {
  what: string;
  /** What a load takes of it; proportional to the load. */
  taken: (need: Need, load: Load) => number;
  ceiling: number;
  remedy: string;
}

const LIMITS: Limit[] = [
  {
    what: `${LEAST_REPLICAS} ingest APIs: CPU`,
    taken: ({ cores }) => cores['ingest API'],
    ceiling: LEAST_REPLICAS * BUSY,
    remedy: 'more of them, behind the same address; publish in batches',
  },
  {
    what: `${LEAST_REPLICAS} dispatchers: CPU`,
    taken: ({ cores }) => cores.dispatcher,
    ceiling: LEAST_REPLICAS * BUSY,
    remedy: 'more of them',
  },
  {
    what: `the busiest webhook: ${LEAST_REPLICAS} × \`WEBHOOK_CONCURRENCY\``,
    taken: ({ inFlight }, { busiestShare }) => inFlight * busiestShare,
    ceiling: LEAST_REPLICAS * DEFAULT_CONCURRENCY.WEBHOOK_CONCURRENCY,
    remedy: 'a larger `WEBHOOK_CONCURRENCY`, if its target can take that; more dispatchers',
  },
  {
    what: `${PARTITIONS} partitions: one for each dispatcher`,
    taken: ({ cores }) => cores.dispatcher / BUSY,
    ceiling: PARTITIONS,
    remedy: 'more partitions: `kafka-topics --alter --partitions`, at a quiet time',
  },
  {
    what: `connections to PostgreSQL: ${CEILINGS.connections}`,
    taken: ({ cores }) =>
      (CONNECTIONS['ingest API'] * cores['ingest API'] + CONNECTIONS.dispatcher * cores.dispatcher) / BUSY,
    ceiling: CEILINGS.connections,
    remedy: 'raise `max_connections`; publish in batches, which takes fewer ingest APIs',
  },
  {
    what: `disk: ${CEILINGS.storedBytes / 1e12} TB`,
    taken: ({ storedBytes }) => storedBytes,
    ceiling: CEILINGS.storedBytes,
    remedy: 'a shorter `RETENTION_DAYS`; a larger volume; another system for some of the accounts',
  },
  {
    what: `PostgreSQL: ${CEILINGS.postgresCores} cores`,
    taken: ({ cores }) => cores.PostgreSQL,
    ceiling: CEILINGS.postgresCores * BUSY,
    remedy: 'a larger machine; another system for some of the accounts',
  },
  {
    what: `WAL: ${CEILINGS.walBytesASecond / 1e6} MB/s`,
    taken: ({ walBytesASecond }) => walBytesASecond,
    ceiling: CEILINGS.walBytesASecond,
    remedy: 'a volume for `pg_wal` alone; `wal_compression`; another system for some of the accounts',
  },
  {
    what: `Kafka: ${CEILINGS.kafkaBytesASecond / 1e6} MB/s to one broker`,
    taken: ({ kafkaBytesASecond }) => kafkaBytesASecond,
    ceiling: CEILINGS.kafkaBytesASecond,
    remedy: 'more brokers: partitions spread over them',
  },
];

/** What ends, the first first, for loads like this one of any rate. */
export function breakingPoints(load: Load): BreakingPoint[] {
  const one = { ...load, rate: 1 };
  const need = needOf(one);
  return LIMITS.map(({ what, taken, ceiling, remedy }) => ({
    what,
    rate: ceiling / taken(need, one),
    remedy,
  })).sort((a, b) => a.rate - b.rate);
}

/** Systems of their own, each for some of the accounts, that together carry what one PostgreSQL does not. */
export function systemsFor(load: Load): number {
  const { cores, walBytesASecond, storedBytes } = needOf(load);
  return Math.ceil(
    Math.max(
      cores.PostgreSQL / (CEILINGS.postgresCores * BUSY),
      walBytesASecond / CEILINGS.walBytesASecond,
      storedBytes / CEILINGS.storedBytes,
    ),
  );
}
