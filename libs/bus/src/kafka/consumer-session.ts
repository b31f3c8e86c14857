import { pause } from '@oms-webhooks/lifecycle';
import type { ConsumerConfig, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { DRAIN_LIMIT_MS, type Consumption, type IncomingRecord } from '../bus.ts';
import { incomingRecord } from '../incoming-record.ts';
import { Membership, type OwnedPartition } from '../membership.ts';
import type { Topic } from '../topics.ts';
import { followMembership } from './follow-membership.ts';
import { offsetCommits } from './offset-commits.ts';

/** After this without a sign of life a member is taken to be dead; until then a group that is divided anew waits for it. */
const SESSION_TIMEOUT_MS = 10_000;
const COMMIT_EVERY_MS = 1_000;
const LEAVE_LIMIT_MS = 3_000;
/**
 * What one read brings of each partition, and so what may lie in memory beyond `mostInHand`. A broker answers with a whole
 * batch even if that is larger, and KafkaJS names the partitions in another order each time: none is passed over for long.
 */
const READ_BYTES = 128 * 1024;
/** By this much in a second no clock is slewed. */
const CLOCK_STEP_MS = 1_000;

const consumerConfig = (groupId: string): ConsumerConfig => ({
  groupId,
  sessionTimeout: SESSION_TIMEOUT_MS,
  // Not shorter: whoever is dropped from a rebalance must by then have stopped believing in its last heartbeat.
  rebalanceTimeout: SESSION_TIMEOUT_MS,
  // A member hears of a rebalance by a heartbeat; until then a leaving member's partitions lie still.
  heartbeatInterval: 1_000,
  // The upper bound of the long poll; records come back at once.
  maxWaitTimeInMs: 100,
  maxBytesPerPartition: READ_BYTES,
  allowAutoTopicCreation: false,
  retry: {
    retries: 3,
    initialRetryTime: 100,
    maxRetryTime: 1_000,
    restartOnFailure: () => Promise.resolve(false),
  },
});

/** The handler threw: a fault of ours that no new connection mends. */
export class HandlerError extends Error {}

export interface SessionOptions<T extends Topic> {
  kafka: Kafka;
  consumption: Consumption<T>;
  groupId: string;
  /** Name in Kafka → name in the table. */
  topics: Map<string, T>;
  /** Aborts when undone records are not waited for any more. */
  closing: AbortSignal;
  now: () => number;
}

export const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const settled = new AbortController();
  await Promise.race([work, pause(ms, settled.signal)]).finally(() => settled.abort());
}

const content = <T extends Topic>(topic: T, message: KafkaMessage) => ({
  topic,
  offset: message.offset,
  key: message.key?.toString() ?? null,
  value: message.value ?? Buffer.alloc(0),
  headers: Object.fromEntries(
    // A header may be repeated; as in Kafka's own clients the last one counts.
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, String([value].flat().at(-1) ?? '')]),
  ),
  timestamp: Number(message.timestamp),
});

/**
 * The life of one KafkaJS consumer, from connecting to leaving the group. Resolves when it was asked to end and has
 * committed; rejects when KafkaJS has given up (start another one) or with HandlerError.
 */
export async function runSession<T extends Topic>(session: SessionOptions<T>): Promise<void> {
  const { kafka, consumption, groupId, topics, closing, now } = session;
  const consumer = kafka.consumer(consumerConfig(groupId));
  const membership = new Membership(SESSION_TIMEOUT_MS, now);
  const commit = offsetCommits(consumer, membership);
  const failing = new AbortController();
  const ending = AbortSignal.any([consumption.signal, closing, failing.signal]);
  const paused = new Set<OwnedPartition>();
  let whenDrained: (() => void) | undefined;

  const failed = new Promise<never>((_, reject) => {
    failing.signal.addEventListener('abort', () => reject(failing.signal.reason as Error));
  });
  failed.catch(() => undefined);
  consumer.on(consumer.events.CRASH, ({ payload }) => failing.abort(payload.error));
  consumer.on(consumer.events.REBALANCING, () => {
    consumption.onDoubt?.();
    void commit();
  });
  // KafkaJS remembers pauses across assignments: a partition that comes back must not come back paused.
  followMembership(consumer, membership, (lost) => lost.forEach(resume), now);

  function resume(owned: OwnedPartition): void {
    if (paused.delete(owned)) consumer.resume([{ topic: owned.topic, partitions: [owned.partition] }]);
  }

  function afterDone(owned: OwnedPartition): void {
    if (owned.progress?.roomy && !ending.aborted) resume(owned);
    if (membership.inHand === 0) whenDrained?.();
  }

  async function eachBatch({ batch, ...position }: EachBatchPayload): Promise<void> {
    const owned = membership.partition(batch.topic, batch.partition);
    const topic = topics.get(batch.topic);
    if (!owned || !topic || ending.aborted) return;
    const records: IncomingRecord<T>[] = [];
    const taking = { onDone: () => afterDone(owned), mostInHand: consumption.mostInHand };
    for (const message of batch.messages) {
      const record = incomingRecord(membership, owned, content(topic, message), taking);
      if (record) records.push(record);
      position.resolveOffset(message.offset);
    }
    if (owned.progress?.full) {
      paused.add(owned);
      consumer.pause([{ topic: owned.topic, partitions: [owned.partition] }]);
    }
    if (records.length === 0) return;
    try {
      await consumption.handle(records);
    } catch (cause) {
      failing.abort(new HandlerError('handle() threw', { cause }));
    }
  }

  async function start(): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({
      topics: [...topics.keys()],
      fromBeginning: consumption.fromBeginning ?? true,
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // `handle` is quick, and KafkaJS calls every worker for each answer, whatever that brings.
      partitionsConsumedConcurrently: 1,
      eachBatch,
    });
    await aborted(ending);
  }

  /** Stays a member meanwhile, so that nobody else starts on what is still in hand. */
  async function drain(): Promise<void> {
    if (membership.inHand === 0) return;
    consumer.pause([...topics.keys()].map((topic) => ({ topic })));
    const drained = new Promise<void>((resolve) => (whenDrained = resolve));
    await atMost(DRAIN_LIMIT_MS, Promise.race([drained, aborted(closing)]));
  }

  /** KafkaJS takes the time of heartbeats from the wall clock: after a step back by an hour it would send none for so long. */
  let offset = Date.now() - now();
  function clockHasStepped(): boolean {
    const before = offset;
    offset = Date.now() - now();
    return Math.abs(offset - before) > CLOCK_STEP_MS;
  }

  const timer = setInterval(() => {
    if (membership.inDoubt) consumption.onDoubt?.();
    if (clockHasStepped()) failing.abort(new Error('the wall clock has stepped'));
    void commit();
  }, COMMIT_EVERY_MS);
  try {
    await Promise.race([failed, start(), aborted(ending)]);
    await Promise.race([failed, drain()]);
    await Promise.race([failed, atMost(LEAVE_LIMIT_MS, commit())]);
  } finally {
    clearInterval(timer);
    if (membership.inHand > 0) consumption.onDoubt?.();
    membership.left();
    await atMost(
      LEAVE_LIMIT_MS,
      consumer.disconnect().catch(() => undefined),
    );
  }
}
