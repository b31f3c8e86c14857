// Constants of the model. Those of the first part were measured, most of them by `npm run capacity -- --check`, which
// prints them anew; docs/capacity.md says on what. Those of the second part are what a deployment has, or decides.

/** ms of CPU an event with one attempt, by process, published one a request by many publishers at once. */
export const CPU_MS = { 'ingest API': 0.27, dispatcher: 0.22, PostgreSQL: 0.17, Kafka: 0.1 } as const;

/** ms that a request occupies its place in a lane beyond the target's own time: prepared before, recorded after. */
export const OVERHEAD_MS = 20;

/** ms that a statement takes which inserts events or records attempts, its commit included. */
export const COMMIT_MS = 6;
/** Such statements under way at once in a process; what comes meanwhile goes together in the next one. */
export const COMMITS_AT_ONCE = 2;

/** Bytes an event with a payload of 1 KiB takes, and those of each attempt; tables and indexes, nothing of it dead. */
export const STORED_BYTES = { event: 1_609, attempt: 189 } as const;
/** Recording writes the event's row anew; autovacuum comes when this share of a table is dead (its default). */
export const DEAD_SHARE = 0.2;
/** Bytes of WAL, with the page images after a checkpoint. */
export const WAL_BYTES = { event: 2_200, attempt: 2_200 } as const;
/** Bytes of a Kafka log, one replica. */
export const KAFKA_BYTES = { event: 1_350, attempt: 400 } as const;
/** Bytes to a target beyond the payload: headers, envelope, the answer. */
export const REQUEST_BYTES = 900;
/** The payload that these bytes were measured with; each further byte counts once in a table, a log and a request. */
export const MEASURED_PAYLOAD = 1_024;

/** Connections to PostgreSQL that a process opens: its pool, and one that listens. */
export const CONNECTIONS = { 'ingest API': 13, dispatcher: 9 } as const;
/** How busy a core may be on average in the busiest minutes. */
export const BUSY = 0.6;
/** Of each service, so that one may be away. */
export const LEAST_REPLICAS = 2;
/** Partitions of `oms.webhook-dispatch` as the services make it. */
export const PARTITIONS = 12;

/** Where one PostgreSQL and one Kafka of a usual size end. */
export const CEILINGS = {
  postgresCores: 32,
  walBytesASecond: 200e6,
  storedBytes: 16e12,
  connections: 500,
  kafkaBytesASecond: 100e6,
} as const;
