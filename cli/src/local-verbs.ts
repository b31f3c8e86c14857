import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { PROJECT } from './context.ts';
import { EXIT, Failure } from './failure.ts';

/** What works on this machine's database, broker and processes, and goes through the same door as `npm run`. */
export const LOCAL_VERBS: Record<string, string> = {
  start: 'run the whole system on this machine',
  demo: 'play the story of one event on a system of its own',
  migrate: "bring the database's schema up to date",
  tokens: 'create, list and revoke tokens, in the database itself: tokens create|list|revoke',
  'import-whisperer': 'import the webhooks and events of dj-whisperer: import-whisperer --from postgres://…',
  'rotate-secrets': 'encrypt all secrets anew with the first of SECRETS_KEY',
  'dead-letters': 'records that could not be taken from Kafka: dead-letters list|show|replay',
};

/** This process becomes that command. */
export async function becomeLocal(verb: string, args: string[]): Promise<void> {
  const bootstrap = `${PROJECT}deploy/local/bootstrap.mjs`;
  if (!existsSync(bootstrap))
    throw new Failure(`"${verb}" works in a clone of the project only.`, EXIT.unavailable);
  process.argv.splice(1, Infinity, bootstrap, verb, ...args);
  await import(pathToFileURL(bootstrap).href);
}
