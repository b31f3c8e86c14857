import { parseArgs } from 'node:util';
import { settingsOrExit, variables } from '@oms-webhooks/config';
import { openDatabase } from '@oms-webhooks/db';
import { CLI } from '../audit/record-change.ts';
import { TokenStore } from './token-store.ts';
import { tokensTable } from './tokens-table.ts';

const USAGE = `Usage:
  npm run tokens -- create --account NAME [--superuser] [--role NAME=PERMISSION,PERMISSION …] [--app app:ID]
  npm run tokens -- list
  npm run tokens -- revoke ID`;

/** The command line of tokens; answers the exit code. */
async function tokensCommand(args: string[], tokens: TokenStore): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      superuser: { type: 'boolean' },
      role: { type: 'string', multiple: true },
      app: { type: 'string' },
    },
  });
  const [verb, id] = positionals;
  switch (verb) {
    case 'create': {
      if (!values.account) return usage();
      const { token, key } = await tokens.create(CLI, {
        account: values.account,
        superuser: values.superuser ?? false,
        roles: (values.role ?? []).map(toRole),
        app: values.app ?? null,
      });
      console.log(
        `Token ${token.id} of ${token.account}${token.superuser ? ' (superuser)' : ''}, shown this once:\n${key}`,
      );
      return 0;
    }
    case 'list': {
      console.log(tokensTable(await tokens.list()));
      return 0;
    }
    case 'revoke': {
      if (!id || !/^\d+$/.test(id)) return usage();
      const revoked = await tokens.revoke(CLI, Number(id));
      console.log(revoked ? `Token ${id} is revoked.` : `There is no token ${id} that is not revoked.`);
      return revoked ? 0 : 1;
    }
    default:
      return usage();
  }
}

function usage(): number {
  console.error(USAGE);
  return 2;
}

function toRole(text: string): { name: string; permissions: string[] } {
  const [name = '', permissions = ''] = text.split('=', 2);
  return { name, permissions: permissions.split(',').filter(Boolean) };
}

const { DATABASE_URL } = settingsOrExit(process.env, { DATABASE_URL: variables.DATABASE_URL });
const database = await openDatabase({ url: DATABASE_URL, applicationName: 'tokens', poolSize: 2 });
try {
  process.exitCode = await tokensCommand(process.argv.slice(2), new TokenStore(database.orm));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
} finally {
  await database.close();
}
