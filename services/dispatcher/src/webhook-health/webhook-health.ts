import {
  disableWebhook,
  isDatabaseAway,
  noteDelivered,
  noteFailed,
  notifyDue,
  requeueExhausted,
  withPartitions,
  type FailingWebhook,
} from '@oms-webhooks/db';
import type { DispatchedEvent, NextStep, Outcome, Webhook } from '@oms-webhooks/domain';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import { healthNote, joined, type HealthNote } from './health-note.ts';
import { verdict } from './verdict.ts';

const EVERY_MS = 1000;

export interface WebhookHealthOptions {
  pool: Pool;
  /** Events of these webhooks have become due. */
  wake: (webhookIds: Iterable<number>) => void;
  onDisabled?: () => void;
  log: Log;
}

/** By webhook id, with the webhook as it was at the last attempt. */
type Notes = Map<number, { webhook: Webhook; note: HealthNote }>;

/**
 * Keeps an eye on webhooks: disables those that fail for days, and has the exhausted events of those that deliver again
 * queued once more. Attempts are noted in memory and written once a second, where they change something; what a crash
 * loses is noted again by the next attempt.
 */
export class WebhookHealth implements Worker {
  readonly name = 'webhook-health';
  readonly #options: WebhookHealthOptions;
  #notes: Notes = new Map();

  constructor(options: WebhookHealthOptions) {
    this.#options = options;
  }

  /** Takes note of an attempt. */
  note(webhook: Webhook, event: DispatchedEvent, outcome: Outcome, next: NextStep | undefined): void {
    const note = healthNote(outcome, event.cause, next);
    if (note) this.#notes.set(webhook.id, { webhook, note: joined(this.#notes.get(webhook.id)?.note, note) });
  }

  /** Disables a webhook, and has its account's webhooks of type `webhook.disabled` told. */
  async disable(webhookId: number, reason: string): Promise<void> {
    const { pool, log, onDisabled } = this.#options;
    const notified = await withPartitions(pool, () => disableWebhook(pool, webhookId, reason));
    if (!notified) return;
    onDisabled?.();
    log.warn('a webhook was disabled', { webhook: webhookId, reason, notified });
    await notifyDue(pool, notified);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#step();
      await pause(EVERY_MS, signal);
    }
    // The lanes have ended before: these are the last notes.
    await this.#step();
  }

  async #step(): Promise<void> {
    try {
      await this.#write();
      await this.#recover();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      this.#options.log.warn('the health of webhooks cannot be kept, trying again', { error });
    }
  }

  async #write(): Promise<void> {
    if (this.#notes.size === 0) return;
    const noted = this.#notes;
    this.#notes = new Map();
    let failing: FailingWebhook[];
    try {
      failing = await writeNotes(this.#options.pool, noted);
    } catch (error) {
      for (const [id, earlier] of noted) {
        const later = this.#notes.get(id);
        this.#notes.set(id, later ? { ...later, note: joined(earlier.note, later.note) } : earlier);
      }
      throw error;
    }
    for (const each of failing) {
      const reason = verdict(each, noted.get(each.webhookId)?.webhook.config.max_exhausted);
      if (reason !== undefined) await this.disable(each.webhookId, reason);
    }
  }

  async #recover(): Promise<void> {
    const { pool, wake, log } = this.#options;
    const requeued = await requeueExhausted(pool);
    for (const [webhook, events] of requeued) {
      log.info('exhausted events are queued again: their webhook delivers', { webhook, events });
    }
    wake(requeued.keys());
  }
}

/** @returns those that are failing now and whose record has changed */
async function writeNotes(pool: Pool, noted: Notes): Promise<FailingWebhook[]> {
  const all = [...noted].map(([webhookId, { note }]) => ({ webhookId, ...note }));
  const ended = all.filter(({ outageEnded }) => outageEnded);
  await noteFailed(
    pool,
    ended.map(({ webhookId }) => ({ webhookId, exhausted: 0 })),
  );
  const delivered = all.filter((note) => note.delivered);
  await noteDelivered(
    pool,
    delivered.map(({ webhookId }) => webhookId),
  );
  return noteFailed(
    pool,
    all.filter(({ failed }) => failed),
  );
}
