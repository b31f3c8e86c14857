import type { Subscriber, Subscribers } from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import type { EventIntake } from '../webhook-events/event-intake.ts';
import type { PublishedEvent } from '../webhook-events/publication.ts';
import type { DomainEvent } from './domain-event.ts';
import { ObjectOrder } from './object-order.ts';

/** The permission of a role whose tokens publish to every account's webhooks. */
const PUBLISH_EVENTS = 'publish-events';

/** Who publishes: whose webhooks hear it, and whose the idempotency keys are. */
export interface Publisher {
  /** Null: everybody's. */
  heardBy: number | null;
  keysOf: number;
}

/** What comes over Kafka is for everybody; no account has the id 0. */
export const BUS: Publisher = { heardBy: null, keysOf: 0 };

export function publisherOf({ accountId, superuser, roles }: Caller): Publisher {
  const forAll = superuser || roles.some(({ permissions }) => permissions.includes(PUBLISH_EVENTS));
  return { heardBy: forAll ? null : accountId, keysOf: accountId };
}

/** Publishes what happened to every active webhook of its event type. */
export class FanOut {
  readonly #intake: EventIntake;
  readonly #subscribers: Subscribers;
  readonly #order = new ObjectOrder();

  constructor({ intake, subscribers }: { intake: EventIntake; subscribers: Subscribers }) {
    this.#intake = intake;
    this.#subscribers = subscribers;
  }

  async audience({ eventType }: DomainEvent, { heardBy }: Publisher): Promise<readonly Subscriber[]> {
    const all = await this.#subscribers.ofEventType(eventType);
    return heardBy === null ? all : all.filter(({ accountId }) => accountId === heardBy);
  }

  /**
   * Publishes to an audience, all or none. Events of one object to ordered webhooks are committed one after the other, as they
   * were handed in: of two batches at once the later could get the lower ids.
   * @param attempt runs the publication, for a caller that tries again
   * @throws IdempotencyConflict; database errors
   */
  publish(
    event: DomainEvent,
    audience: readonly Subscriber[],
    { keysOf }: Publisher,
    attempt = (publish: () => Promise<PublishedEvent[]>): Promise<PublishedEvent[]> => publish(),
  ): Promise<PublishedEvent[]> {
    const { idempotencyKey, requestHash, ...content } = event;
    const events = audience.map(({ webhookId, ordered }) => ({
      ...content,
      webhookId,
      ordered,
      lookupPath: null,
    }));
    const idempotency =
      idempotencyKey === null ? null : { accountId: keysOf, key: idempotencyKey, requestHash };
    const publish = () => attempt(() => this.#intake.publishAll(events, idempotency));
    if (!audience.some(({ ordered }) => ordered)) return publish();
    return this.#order.run(`${event.eventType} ${event.contentType} ${event.objectId}`, publish);
  }
}

/** Published events as answers show them. */
export const shownEvents = (published: PublishedEvent[]) =>
  published.map(({ uuid, webhookId }) => ({ uuid, webhook: webhookId }));
