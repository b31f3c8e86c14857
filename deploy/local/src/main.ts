import { settingsOrExit } from '@oms-webhooks/config';
import { killChildren } from './child-worker.ts';
import { demo } from './demo.ts';
import { localRules, localVariables } from './local-settings.ts';
import { start } from './start.ts';
import { terminalOn } from './terminal.ts';
import { busCommand, ingestCommand, migrateOnce, serviceAlone } from './verbs.ts';

/** What the bootstrap calls when everything is installed and built. The working directory is the project. */
export async function main(verb: string, args: string[]): Promise<void> {
  process.on('exit', killChildren);
  switch (verb) {
    case 'start':
      return start(settingsOrExit(process.env, localVariables, localRules), terminalOn(process.stdout));
    case 'demo':
      return demo(args, terminalOn(process.stdout));
    case 'migrate':
      return migrateOnce(terminalOn(process.stdout));
    case 'tokens':
      // The output is the command's; our own words go beside it.
      return ingestCommand('accounts/tokens-cli.js', args, terminalOn(process.stderr));
    case 'rotate-secrets':
      return ingestCommand('webhooks/rotate-secrets-cli.js', args, terminalOn(process.stderr));
    case 'import-whisperer':
      return ingestCommand('whisperer-import/import-whisperer-cli.js', args, terminalOn(process.stderr));
    case 'dead-letters':
      return busCommand('dead-letters/dead-letters-cli.js', args, terminalOn(process.stderr));
    case 'ingest-api':
    case 'dispatcher':
      return serviceAlone(verb, terminalOn(process.stderr));
    default:
      throw new Error(`there is no verb ${verb}`);
  }
}
