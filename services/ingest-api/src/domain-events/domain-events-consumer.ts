import type { Bus, IncomingRecord } from '@oms-webhooks/bus';
import { ApiError } from '@oms-webhooks/http';
import type { Worker } from '@oms-webhooks/lifecycle';
import type { Log, Tracing } from '@oms-webhooks/telemetry';
import { IdempotencyConflict } from '../webhook-events/publication.ts';
import type { DomainEventReader } from './domain-event.ts';
import { BUS, type FanOut } from './fan-out.ts';
import { readRecord } from './read-record.ts';
import { MOST_RECORDS_IN_HAND, RecordTaker, type UntilTaken } from './record-taker.ts';

export interface DomainEventsConsumerDeps {
  bus: Bus;
  domainEvents: DomainEventReader;
  fanOut: FanOut;
  onSetAside?: (topic: 'oms.events') => void;
  tracing?: Tracing | undefined;
  log: Log;
}

/**
 * Publishes what domain services write to `oms.events`. Records are taken side by side, so that they share commits; the
 * offset moves past each when PostgreSQL has its events.
 */
export function domainEventsConsumer({
  bus,
  domainEvents,
  fanOut,
  onSetAside,
  tracing,
  log,
}: DomainEventsConsumerDeps): Worker {
  async function publish(record: IncomingRecord<'oms.events'>, untilTaken: UntilTaken): Promise<void> {
    const event = await untilTaken(() => readRecord(record, domainEvents));
    const audience = await untilTaken(() => fanOut.audience(event, BUS));
    await fanOut.publish(event, audience, BUS, untilTaken);
  }

  return {
    name: 'domain-events',
    async run(signal) {
      const taker = new RecordTaker({ bus, signal, onSetAside, tracing, log, publish, refusalIn });
      const consuming = bus.consume({
        topic: 'oms.events',
        group: 'domain-events',
        signal,
        mostInHand: MOST_RECORDS_IN_HAND,
        handle: (records) => {
          for (const record of records) void taker.take(record);
        },
      });
      // What was given up is never done, and would be waited for.
      await Promise.race([consuming, taker.abandoned]);
    },
  };
}

function refusalIn(error: unknown): string | undefined {
  if (error instanceof IdempotencyConflict)
    return 'Its idempotency key was used for another event within the last 24 hours.';
  if (!(error instanceof ApiError)) return undefined;
  const { detail } = error.body as { detail?: string };
  return detail ?? JSON.stringify(error.body);
}
