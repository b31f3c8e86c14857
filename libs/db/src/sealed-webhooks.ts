import type { ClientBase } from 'pg';
import type { WebhookConfig } from '@oms-webhooks/domain';
import type { Database } from './database.ts';
import { FIRST_SUBSCRIPTION, requireReadableKeys, resealKeys } from './sealed-subscriptions.ts';
import { changeSecret, changeSecretsOfConfig, changeSecretsOfHeaders } from './secrets-of-webhook.ts';
import { SecretsError } from './secrets.ts';

/** The columns with secrets, as they are stored. */
interface SealedRow {
  id: number;
  secret_key: string | null;
  previous_secret_key: string | null;
  additional_headers: Record<string, string>;
  config: WebhookConfig;
}

const BATCH = 200;
const COLUMNS = 'id, secret_key, previous_secret_key, additional_headers, config';

/**
 * Reads every stored secret once, at the start of a process, so that a missing or wrong key is known before the first
 * event. Throws `SecretsError`, which names the webhook.
 */
export async function requireReadableSecrets({ pool, secrets }: Database): Promise<void> {
  for (let last: number | undefined = 0; last !== undefined;) {
    const { rows }: { rows: SealedRow[] } = await pool.query<SealedRow>(
      `SELECT ${COLUMNS} FROM webhook WHERE id > $1 ORDER BY id LIMIT ${BATCH}`,
      [last],
    );
    for (const row of rows) changed(row, secrets.open);
    last = rows.at(-1)?.id;
  }
  await requireReadableKeys(pool, secrets.open);
}

/**
 * Encrypts every secret anew with the first key, and forgets those whose overlap is over. Batch by batch, and a webhook
 * that is being changed is waited for: none is lost. Throws `SecretsError`. @returns how many webhooks there are
 */
export async function resealSecrets({ pool, secrets }: Database): Promise<number> {
  const client = await pool.connect();
  const reseal = (stored: string) => secrets.seal(secrets.open(stored));
  try {
    let count = 0;
    for (let last: number | undefined = 0; last !== undefined;) {
      await client.query('BEGIN');
      const rows: SealedRow[] = await resealBatch(client, last, reseal);
      await client.query('COMMIT');
      count += rows.length;
      last = rows.at(-1)?.id;
    }
    for (let last: string | undefined = FIRST_SUBSCRIPTION; last !== undefined;) {
      await client.query('BEGIN');
      last = await resealKeys(client, last, reseal);
      await client.query('COMMIT');
    }
    return count;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function resealBatch(
  client: ClientBase,
  last: number,
  reseal: (stored: string) => string,
): Promise<SealedRow[]> {
  const { rows } = await client.query<SealedRow>(
    `SELECT ${COLUMNS} FROM webhook WHERE id > $1 ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
    [last],
  );
  const sealed = rows.map((row) => changed(row, reseal));
  await client.query(
    `UPDATE webhook w
        SET secret_key = s.secret_key,
            previous_secret_key = CASE WHEN previous_secret_until > now() THEN s.previous_secret_key END,
            previous_secret_until = CASE WHEN previous_secret_until > now() THEN previous_secret_until END,
            additional_headers = s.additional_headers::json, config = s.config::json
       FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS s (id, secret_key, previous_secret_key, additional_headers, config)
      WHERE w.id = s.id`,
    [
      sealed.map(({ id }) => id),
      sealed.map(({ secret_key }) => secret_key),
      sealed.map(({ previous_secret_key }) => previous_secret_key),
      sealed.map(({ additional_headers }) => JSON.stringify(additional_headers)),
      sealed.map(({ config }) => JSON.stringify(config)),
    ],
  );
  return rows;
}

function changed(row: SealedRow, change: (stored: string) => string): SealedRow {
  try {
    return {
      id: row.id,
      secret_key: changeSecret(row.secret_key, change),
      previous_secret_key: changeSecret(row.previous_secret_key, change),
      additional_headers: changeSecretsOfHeaders(row.additional_headers, change),
      config: changeSecretsOfConfig(row.config, change),
    };
  } catch (error) {
    if (error instanceof SecretsError) throw new SecretsError(`Webhook ${row.id}: ${error.message}`);
    throw error;
  }
}
