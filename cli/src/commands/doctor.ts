import { styleText } from 'node:util';
import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import { Failure } from '../failure.ts';

/** `doctor`: looks at a set-up from where it is typed, and says in words what is wrong. Changes nothing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at a set-up, and say what is wrong with it')
    .option('--target <url>', 'could events be sent there?')
    .option('--remote', 'only at the API, as from elsewhere')
    .action(async ({ target, remote }: { target?: string; remote?: boolean }, command: Command) => {
      const { api, out, place } = contextOf(command);
      // Loaded when it is wanted: other commands need neither PostgreSQL's client nor Kafka's.
      const { examine } = await import('../doctor/examine.ts');
      const findings = await examine({ api, place, target, remote, environment: process.env });
      out.print(out.json ? JSON.stringify(findings) : findings.map(shown).join('\n'));
      const faults = findings.filter(({ state }) => state === 'bad').length;
      if (faults > 0) throw new Failure(faults === 1 ? 'One thing is wrong.' : `${faults} things are wrong.`);
      if (!out.json) out.tell('Nothing is wrong.');
    });
}

const MARKS = {
  good: ['green', '✓'],
  doubtful: ['yellow', '!'],
  bad: ['red', '✗'],
  'not looked at': ['dim', '–'],
} as const;

function shown({ what, state, words, remedy }: Finding): string {
  const [colour, mark] = MARKS[state];
  const isPlain = !process.stdout.isTTY || (process.env.NO_COLOR ?? '') !== '';
  const line = `${isPlain ? mark : styleText(colour, mark)} ${what.padEnd(11)}  ${words}`;
  return remedy === undefined ? line : `${line}\n${' '.repeat(15)}${remedy}`;
}
