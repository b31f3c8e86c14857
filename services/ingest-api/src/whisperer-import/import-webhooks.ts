import { accountEntity, webhookEntity } from '@oms-webhooks/db';
import { EVENT_CATALOGUE, eventTypeNamed } from '@oms-webhooks/domain';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { CLI } from '../audit/record-change.ts';
import { recordWebhookChange } from '../webhooks/webhook-audit.ts';
import type { SourceWebhook } from './whisperer-source.ts';

/** A webhook that was imported, now or before. */
export interface ImportedWebhook {
  id: number;
  eventType: string;
  isActive: boolean;
}

export interface ImportedWebhooks {
  /** By their ids in dj-whisperer. */
  bySource: Map<number, ImportedWebhook>;
  created: number;
  /** Those whose id was taken here. */
  renumbered: [source: number, here: number][];
}

/**
 * Creates the webhooks that are missing here, each in the account named as its user is, with its own id where that is free:
 * publishers know it. One that is here (same account, target and event type) stays as it is.
 */
export function importWebhooks(orm: DataSource, sources: SourceWebhook[]): Promise<ImportedWebhooks> {
  return orm.transaction(async (manager) => {
    await manager.query('LOCK TABLE webhook IN SHARE ROW EXCLUSIVE MODE');
    const imported: ImportedWebhooks = { bySource: new Map(), created: 0, renumbered: [] };
    for (const source of sources) {
      const { webhook, isNew } = await importWebhook(manager, source);
      imported.bySource.set(source.id, webhook);
      if (isNew) imported.created += 1;
      if (webhook.id !== source.id) imported.renumbered.push([source.id, webhook.id]);
    }
    return imported;
  });
}

/** Named, since TypeORM would leave the id to the database. */
const COLUMNS = [
  'id',
  'accountId',
  'targetUrl',
  'eventType',
  'isActive',
  'secretKey',
  'callback',
  'retryCountdownConfig',
  'additionalHeaders',
  'config',
];

async function importWebhook(
  manager: EntityManager,
  source: SourceWebhook,
): Promise<{ webhook: ImportedWebhook; isNew: boolean }> {
  const webhooks = manager.getRepository(webhookEntity);
  const accountId = await accountNamed(manager, source.username);
  const { target_url: targetUrl } = source;
  const eventType = eventTypeNamed(source.event_type, EVENT_CATALOGUE) ?? source.event_type;
  const known = await webhooks.findOneBy({ accountId, targetUrl, eventType, subscriptionId: IsNull() });
  if (known) return { webhook: known, isNew: false };
  const isFree = !(await webhooks.existsBy({ id: source.id }));
  const inserted = await webhooks
    .createQueryBuilder()
    .insert()
    .into(webhookEntity, COLUMNS)
    .values({
      ...(isFree && { id: source.id }),
      accountId,
      targetUrl,
      eventType,
      isActive: source.is_active,
      secretKey: source.secret_key,
      callback: source.callback,
      retryCountdownConfig: source.retry_countdown_config,
      additionalHeaders: source.additional_headers ?? {},
      config: source.config ?? {},
    } as object)
    .returning('id')
    .updateEntity(false)
    .execute();
  const [{ id } = { id: 0 }] = inserted.raw as { id: number }[];
  // The next one that is made here must not get an id that came along.
  await manager.query(
    `SELECT setval('webhook_id_seq', GREATEST($1, (SELECT last_value FROM webhook_id_seq)))`,
    [id],
  );
  const webhook = await webhooks.findOneByOrFail({ id });
  await recordWebhookChange(manager, CLI, 'create', null, webhook);
  return { webhook, isNew: true };
}

async function accountNamed(manager: EntityManager, name: string): Promise<number> {
  const accounts = manager.getRepository(accountEntity);
  await accounts.createQueryBuilder().insert().values({ name }).orIgnore().execute();
  return (await accounts.findOneByOrFail({ name })).id;
}
