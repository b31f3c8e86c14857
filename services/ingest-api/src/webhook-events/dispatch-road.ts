import { BusUnavailableError, type Bus } from '@oms-webhooks/bus';
import { notifyDue, parkEvents, type LeasedEvent } from '@oms-webhooks/db';
import { encodeDispatchMessage, type DispatchedEvent } from '@oms-webhooks/domain';
import { steadyNow } from '@oms-webhooks/lifecycle';
import type { Log, Tracing } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { IngestMetrics } from '../metrics.ts';
import { traceSending } from './trace-batch.ts';

/** A message carries this much payload at most (characters); larger events go through PostgreSQL. */
const MESSAGE_PAYLOAD_LIMIT = 256 * 1024;

/**
 * After an outage of the broker its consumers are a while in finding together again: a group waits for the members that
 * it remembers until their sessions have run out (10 s). Nothing is sent to where nobody reads.
 */
const CONSUMERS_BACK_MS = 20_000;
/** Dispatchers say every second that messages are held up; after this long without a word they are not. */
const HELD_UP_MS = 3_000;

/** The way from a committed event to the dispatchers. */
export interface DispatchRoad {
  /** Whether events inserted now should be leased for a message, or be due at once. */
  carries(): boolean;
  /** Takes committed events to the dispatchers. Never rejects: what cannot be sent becomes due in PostgreSQL. */
  take(events: DispatchedEvent[]): Promise<void>;
}

interface WatchedRoad extends DispatchRoad {
  /** A message would lie in Kafka: the dispatchers' group is being divided anew, or they are behind. */
  messagesHeldUp(): void;
}

/** Through Kafka; without a broker, or while it is away, through PostgreSQL alone. */
export function dispatchRoad({
  bus,
  pool,
  metrics,
  tracing,
  log,
  now = steadyNow,
}: {
  bus: Bus | undefined;
  pool: Pool;
  metrics?: Pick<IngestMetrics, 'setOut' | 'refusedByKafka'>;
  tracing?: Tracing | undefined;
  log: Log;
  /** By the clock of `Bus.lastAway`. */
  now?: () => number;
}): WatchedRoad {
  let heldUpAt = -Infinity;

  async function sendThroughKafka(kafka: Bus, events: DispatchedEvent[]): Promise<void> {
    const { messages, tooLarge } = intoMessages(events);
    await releaseToScan(tooLarge);
    if (messages.length === 0) return;
    const sending = tracing && traceSending(tracing, messages);
    try {
      await kafka.send(
        'oms.webhook-dispatch',
        (sending?.messages ?? messages).map((message) => ({ value: encodeDispatchMessage(message) })),
      );
      sending?.end();
    } catch (error) {
      sending?.end((error as Error).message);
      // What the broker may have taken is left to its lease: due at once, it could be sent twice.
      const maybeWritten = error instanceof BusUnavailableError && error.maybeWritten;
      metrics?.refusedByKafka(messages.flat().length);
      log.warn('Kafka did not take events; they go through PostgreSQL', {
        events: events.length,
        after_their_lease: maybeWritten,
        error,
      });
      if (!maybeWritten) await releaseToScan(messages.flat());
    }
  }

  async function releaseToScan(events: (LeasedEvent & { webhookId: number })[]): Promise<void> {
    if (events.length === 0) return;
    await parkEvents(pool, events, null);
    await notifyDue(
      pool,
      events.map(({ webhookId }) => webhookId),
    );
  }

  const isHeldUp = () => now() - heldUpAt <= HELD_UP_MS;

  return {
    carries: () => bus !== undefined && bus.healthy() && !justBack(bus, now()) && !isHeldUp(),
    messagesHeldUp() {
      if (bus && !isHeldUp())
        log.info('dispatchers say that messages would have to wait; events go through PostgreSQL meanwhile');
      heldUpAt = now();
    },
    async take(events) {
      try {
        // Of the others, which are due, the dispatchers were told by their commit.
        const leased = events.filter(({ lease, createdDate }) => lease > createdDate);
        metrics?.setOut(leased.length, events.length - leased.length);
        if (bus && leased.length > 0) await sendThroughKafka(bus, leased);
      } catch (error) {
        log.warn('dispatchers could not be told of events; they find them by themselves', {
          events: events.length,
          error,
        });
      }
    },
  };
}

function justBack(bus: Bus, now: number): boolean {
  const lastAway = bus.lastAway();
  return lastAway !== null && now - lastAway < CONSUMERS_BACK_MS;
}

function intoMessages(events: DispatchedEvent[]): {
  messages: DispatchedEvent[][];
  tooLarge: DispatchedEvent[];
} {
  const messages: DispatchedEvent[][] = [];
  const tooLarge: DispatchedEvent[] = [];
  let size = Infinity;
  for (const event of events) {
    const length = event.payload?.length ?? 0;
    if (length > MESSAGE_PAYLOAD_LIMIT) {
      tooLarge.push(event);
      continue;
    }
    size += length;
    if (size > MESSAGE_PAYLOAD_LIMIT) {
      messages.push([]);
      size = length;
    }
    messages.at(-1)?.push(event);
  }
  return { messages, tooLarge };
}
