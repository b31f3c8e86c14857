import type { ClientBase, Pool } from 'pg';
import { SecretsError } from './secrets.ts';

interface SealedRow {
  id: string;
  signature_key: string;
}

const BATCH = 200;
/** Before every id. */
export const FIRST_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const batchAfter = `
  SELECT id, signature_key FROM subscription WHERE id > $1 AND signature_key IS NOT NULL ORDER BY id LIMIT ${BATCH}`;

/** Opens the signature key of every subscription. Throws `SecretsError`, which names the subscription. */
export async function requireReadableKeys(pool: Pool, open: (stored: string) => string): Promise<void> {
  for (let last: string | undefined = FIRST_SUBSCRIPTION; last !== undefined;) {
    const { rows }: { rows: SealedRow[] } = await pool.query<SealedRow>(batchAfter, [last]);
    for (const row of rows) changed(row, open);
    last = rows.at(-1)?.id;
  }
}

/** Seals the keys of the next batch anew, within a transaction. @returns where to go on; undefined at the end */
export async function resealKeys(
  client: ClientBase,
  last: string,
  reseal: (stored: string) => string,
): Promise<string | undefined> {
  const { rows } = await client.query<SealedRow>(`${batchAfter} FOR UPDATE`, [last]);
  const sealed = rows.map((row) => changed(row, reseal));
  await client.query(
    `UPDATE subscription s SET signature_key = n.signature_key
       FROM unnest($1::uuid[], $2::text[]) AS n (id, signature_key) WHERE s.id = n.id`,
    [sealed.map(({ id }) => id), sealed.map(({ signature_key }) => signature_key)],
  );
  return rows.at(-1)?.id;
}

function changed({ id, signature_key }: SealedRow, change: (stored: string) => string): SealedRow {
  try {
    return { id, signature_key: change(signature_key) };
  } catch (error) {
    if (error instanceof SecretsError) throw new SecretsError(`Subscription ${id}: ${error.message}`);
    throw error;
  }
}
