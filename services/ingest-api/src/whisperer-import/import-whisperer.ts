import { ensurePartitions, type Database } from '@oms-webhooks/db';
import { importEvents } from './import-events.ts';
import { importWebhooks } from './import-webhooks.ts';
import type { WhispererSource } from './whisperer-source.ts';

export interface ImportOptions {
  /** False: only tells what there is. */
  writes: boolean;
  takeOver: boolean;
  say: (words: string) => void;
  progress: (words: string) => void;
}

/** Imports what is not here yet, and tells of it. What is cut short is gone on with by running it again. */
export async function importWhisperer(
  source: WhispererSource,
  database: Pick<Database, 'orm' | 'pool'>,
  { writes, takeOver, say, progress }: ImportOptions,
): Promise<void> {
  const webhooks = await source.webhooks();
  const { count, older, oldest } = await source.eventFigures();
  const accounts = new Set(webhooks.map(({ username }) => username));
  say(
    `dj-whisperer has ${webhooks.length} webhooks of ${accounts.size} accounts, ${count} events, and ${older} that are too old.`,
  );
  if (!writes) return say('Nothing is changed; --yes imports them.');

  const imported = await importWebhooks(database.orm, webhooks);
  say(`Webhooks: ${imported.created} created, ${webhooks.length - imported.created} were here.`);
  for (const [before, here] of imported.renumbered)
    say(`Webhook ${before} has the id ${here} here: publish to that one.`);

  await ensurePartitions(database.pool, oldest);
  let seen = 0;
  let created = 0;
  for await (const events of source.events()) {
    created += await importEvents(database.pool, events, { webhooks: imported.bySource, takeOver });
    seen += events.length;
    progress(`${seen} of ${count} events …`);
  }
  say(`Events: ${created} created, ${seen - created} were here.`);
}
