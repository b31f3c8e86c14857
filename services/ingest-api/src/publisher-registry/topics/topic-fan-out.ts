import type { RegistryTopic, Subscriber, Subscribers } from '@oms-webhooks/db';
import { withoutCustomAttributes } from '@oms-webhooks/domain';
import type { Log } from '@oms-webhooks/telemetry';
import { ObjectOrder } from '../../domain-events/object-order.ts';
import type { EventIntake } from '../../webhook-events/event-intake.ts';
import type { EventToPublish, Idempotency } from '../../webhook-events/publication.ts';
import { fillPath, type FilledPath } from './lookup-path.ts';
import type { RegisteredEvent, RegisteredEvents } from './registered-events.ts';
import { filterData, type TopicMessage } from './topic-message.ts';

export interface TopicFanOutDeps {
  intake: EventIntake;
  registered: RegisteredEvents;
  subscribers: Subscribers;
  /** Whether there is an OMS API, where resources can be looked up. */
  looksUp: boolean;
  log: Log;
}

/** Published events whose failing filters were logged; beyond it they are logged again. */
const MOST_LOGGED = 10_000;

/** Publishes a message of a topic to the webhooks of every published event that lets it through. */
export class TopicFanOut {
  readonly #deps: TopicFanOutDeps;
  readonly #order = new ObjectOrder();
  readonly #logged = new Set<number>();

  constructor(deps: TopicFanOutDeps) {
    this.#deps = deps;
  }

  /**
   * All of its events in one transaction, or none. Messages of one object to ordered webhooks go one after the other, as
   * they were handed in.
   * @param attempt runs each step, for a caller that tries again
   * @returns what became of the message
   * @throws database errors
   */
  async publish(
    topic: RegistryTopic,
    message: TopicMessage,
    idempotency: Idempotency,
    attempt: <T>(step: () => Promise<T>) => Promise<T>,
  ): Promise<'unmatched' | 'unheard' | 'published'> {
    const take = (events: EventToPublish[]) =>
      attempt(() => this.#deps.intake.publishAll(events, idempotency));
    const { matched, events, taken } = await this.#order.run(`${topic} ${message.objectId}`, async () => {
      const matching = await attempt(() => this.#matching(topic, message));
      const found = await attempt(() => this.#eventsOf(message, matching));
      const inOrder = found.some(({ ordered }) => ordered);
      if (inOrder) await take(found);
      return { matched: matching.length > 0, events: found, taken: inOrder };
    });
    if (events.length === 0) return matched ? 'unheard' : 'unmatched';
    if (!taken) await take(events);
    return 'published';
  }

  async #matching(topic: RegistryTopic, message: TopicMessage): Promise<RegisteredEvent[]> {
    const registered = await this.#deps.registered.of(topic, message.eventType);
    const candidates = registered.filter(
      ({ tenant }) => message.tenant === null || message.tenant === tenant,
    );
    if (candidates.length === 0) return [];
    const data = filterData(message);
    return candidates.filter((event) => {
      const { matches, error } = event.logic?.judge(data) ?? { matches: true, error: null };
      if (error !== null) this.#warn(event, error);
      return matches;
    });
  }

  async #eventsOf(message: TopicMessage, matching: RegisteredEvent[]): Promise<EventToPublish[]> {
    const texts = new Map<boolean, string>();
    const textFor = (customAttributes: boolean): string => {
      const text =
        texts.get(customAttributes) ??
        (customAttributes ? message.text : withoutCustomAttributes(message.text));
      texts.set(customAttributes, text);
      return text;
    };
    const events: EventToPublish[] = [];
    for (const event of matching) {
      const subscribers = await this.#deps.subscribers.ofPublishedEvent(event.id);
      if (subscribers.length === 0) continue;
      const lookupPath = this.#lookupPathOf(event, message);
      for (const subscriber of inGroups(subscribers)) {
        events.push({
          webhookId: subscriber.webhookId,
          eventType: event.name,
          contentType: null,
          objectId: message.objectId,
          payload: lookupPath === null ? textFor(subscriber.customAttributes) : null,
          lookupPath,
          traceparent: message.traceparent,
          ordered: subscriber.ordered,
        });
      }
    }
    return events;
  }

  /** Where the resource of the message is; null where the message itself is the payload. */
  #lookupPathOf(event: RegisteredEvent, message: TopicMessage): string | null {
    const filled = this.lookUpOf(event, message);
    if (filled === null || 'path' in filled) return filled?.path ?? null;
    this.#warn(event, `the message has no usable {${filled.missing}} for ${event.getApiPath}`);
    return null;
  }

  /** Null where nothing is to be looked up. */
  lookUpOf(
    { getApiPath }: Pick<RegisteredEvent, 'getApiPath'>,
    { fields, body }: TopicMessage,
  ): FilledPath | null {
    return getApiPath === null || !this.#deps.looksUp ? null : fillPath(getApiPath, [fields, body]);
  }

  /** Once for a published event: what it does with every message of a busy topic would fill the log. */
  #warn({ id, name }: RegisteredEvent, reason: string): void {
    if (this.#logged.has(id)) return;
    if (this.#logged.size >= MOST_LOGGED) this.#logged.clear();
    this.#logged.add(id);
    this.#deps.log.warn('a published event could not be tried as it is registered', {
      published_event: id,
      name,
      reason,
    });
  }
}

/** Those that get the same payload one after the other: it then travels to PostgreSQL once. */
function inGroups(subscribers: readonly Subscriber[]): Subscriber[] {
  return [...subscribers].sort((a, b) => Number(a.customAttributes) - Number(b.customAttributes));
}
