import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { eventsCommand } from './commands/events.ts';
import { listenCommand } from './commands/listen.ts';
import { publishCommand } from './commands/publish.ts';
import { registryCommand } from './commands/registry.ts';
import { tasksCommand } from './commands/tasks.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { EXIT, Failure } from './failure.ts';
import { becomeLocal, LOCAL_VERBS } from './local-verbs.ts';

const AFTER_HELP = `
Environment:
  OMS_WEBHOOKS_URL     address of the API; default: what runs on this machine, http://127.0.0.1:8080
  OMS_WEBHOOKS_TOKEN   token; default on this machine: the one that \`oms-webhooks start\` has made

Exit codes: 0 done, 1 failed, 2 not understood, 69 nobody answers (or not now), 77 not permitted`;

/** The command line. */
export async function main(args: string[]): Promise<void> {
  // A reader that has seen enough, like head, is no fault.
  process.stdout.on('error', () => process.exit(EXIT.done));
  const [verb = '', ...rest] = args;
  try {
    if (Object.hasOwn(LOCAL_VERBS, verb)) await becomeLocal(verb, rest);
    else await program().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function program(): Command {
  const root = new Command('oms-webhooks')
    .description('Webhook delivery for order-management systems, from the command line.')
    .option('--url <url>', 'address of the API')
    .option('--token <key>', 'token (better in OMS_WEBHOOKS_TOKEN: others see command lines)')
    .option('--json', 'results as JSON, for programs')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(--help shows how)')
    .exitOverride();
  for (const [name, description] of Object.entries(LOCAL_VERBS))
    root.command(`${name} [words...]`).description(description);
  for (const command of [
    eventsCommand(),
    publishCommand(),
    webhooksCommand(),
    tasksCommand(),
    registryCommand(),
    listenCommand(),
    doctorCommand(),
  ])
    root.addCommand(withOverride(command));
  return root;
}

/** Usage errors of every command are thrown, so that they have one exit code. */
function withOverride(command: Command): Command {
  command.exitOverride().showHelpAfterError('(--help shows how)');
  command.commands.forEach((sub) => withOverride(sub));
  return command;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Failure) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}
