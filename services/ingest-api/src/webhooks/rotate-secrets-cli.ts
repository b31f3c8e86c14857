import { settingsOrExit, variables } from '@oms-webhooks/config';
import { openDatabase, resealSecrets, secretsOf } from '@oms-webhooks/db';

/** `npm run rotate-secrets`: encrypts every stored secret with the first key of SECRETS_KEY. */
async function rotateSecrets(): Promise<string> {
  const { DATABASE_URL, SECRETS_KEY } = settingsOrExit(process.env, {
    DATABASE_URL: variables.DATABASE_URL,
    SECRETS_KEY: variables.SECRETS_KEY,
  });
  if (SECRETS_KEY === undefined) throw new Error('SECRETS_KEY is not set: there is no key to encrypt with.');
  const secrets = secretsOf(SECRETS_KEY);
  const database = await openDatabase({
    url: DATABASE_URL,
    applicationName: 'rotate-secrets',
    poolSize: 1,
    secrets,
  });
  try {
    const webhooks = await resealSecrets(database);
    return `The secrets of ${webhooks} webhooks are encrypted with the first key of SECRETS_KEY.`;
  } finally {
    await database.close();
  }
}

try {
  console.log(await rotateSecrets());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
