import { parseArgs } from 'node:util';
import { settingsOrExit, variables } from '@oms-webhooks/config';
import { openDatabase, secretsOf } from '@oms-webhooks/db';
import { importWhisperer } from './import-whisperer.ts';
import { openWhispererSource } from './whisperer-source.ts';

const USAGE = `Usage: oms-webhooks import-whisperer --from postgres://… [--yes]

Imports the webhooks and events of dj-whisperer 0.2 from its database. Without --yes it only tells what it would do.
What is here already stays as it is, so it can be run again.

  --from URL               the database with the tables whisperer_webhook and whisperer_webhookevent
  --yes                    does it
  --take-over              attempts what is not delivered from here, at once: dj-whisperer must not run any more.
                           Without it such events are kept as exhausted, and can be resent
  --days N                 events of the last N days (default: RETENTION_DAYS)
  --users-table NAME       where the users are (default auth_user)
  --user-name-column NAME  what their accounts are called (default username)`;

const settings = settingsOrExit(process.env, {
  DATABASE_URL: variables.DATABASE_URL,
  SECRETS_KEY: variables.SECRETS_KEY,
  RETENTION_DAYS: variables.RETENTION_DAYS,
});

async function command(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      yes: { type: 'boolean', default: false },
      'take-over': { type: 'boolean', default: false },
      days: { type: 'string', default: String(settings.RETENTION_DAYS) },
      'users-table': { type: 'string', default: 'auth_user' },
      'user-name-column': { type: 'string', default: 'username' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.from || !/^[1-9]\d{0,4}$/.test(values.days)) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const source = await openWhispererSource({
    url: values.from,
    usersTable: values['users-table'],
    userNameColumn: values['user-name-column'],
    days: Number(values.days),
  });
  try {
    const { DATABASE_URL: url, SECRETS_KEY } = settings;
    const secrets = secretsOf(SECRETS_KEY);
    const database = await openDatabase({ url, applicationName: 'import-whisperer', poolSize: 2, secrets });
    try {
      await importWhisperer(source, database, {
        writes: values.yes,
        takeOver: values['take-over'],
        say: (words) => console.log(words),
        progress: (words) => console.error(words),
      });
      return 0;
    } finally {
      await database.close();
    }
  } finally {
    await source.close();
  }
}

try {
  process.exitCode = await command();
} catch (error) {
  const isUsage = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  console.error(
    isUsage ? `${(error as Error).message}\n\n${USAGE}` : `The import failed: ${(error as Error).message}`,
  );
  process.exitCode = isUsage ? 2 : 1;
}
