import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { contextOf } from '../context.ts';
import { EXIT, Failure } from '../failure.ts';
import { startReceiver, type Received } from '../listen/receiver.ts';

interface Options {
  port: number;
  host: string;
  secret?: string;
  status: number[];
  bodies?: boolean;
}

/** `listen`: what whoever receives runs first. */
export function listenCommand(): Command {
  return new Command('listen')
    .description('receive webhooks on this machine, verify their signatures and print them, until Ctrl-C')
    .option('--port <number>', 'where; 0 for any free one', port, 9000)
    .option('--host <address>', 'on which address', '127.0.0.1')
    .option('--secret <text>', "the webhook's secret_key: what is not signed with it is answered 401")
    .option(
      '--status <numbers>',
      'what is answered, in turn and then the last: 500,500,200 tries retries',
      statuses,
      [200],
    )
    .option('--bodies', 'print the bodies, too')
    .action(async (options: Options, command: Command) => {
      const { out } = contextOf(command);
      const receiver = await startReceiver({
        port: options.port,
        host: options.host,
        secret: options.secret,
        statuses: options.status,
        onRequest(received) {
          out.print(out.json ? JSON.stringify(received) : receivedLine(received));
          if (options.bodies && !out.json) out.print(received.body);
        },
      }).catch((error: Error) => {
        throw new Failure(`Cannot listen: ${error.message}`, EXIT.unavailable);
      });
      out.tell(
        `receiving at ${receiver.url}${options.secret === undefined ? ', signatures are not verified (--secret)' : ''}; Ctrl-C ends it`,
      );
      await Promise.race((['SIGINT', 'SIGTERM'] as const).map((signal) => once(process, signal)));
      await receiver.close();
    });
}

function receivedLine({ path, headers, body, signatures, answered }: Received): string {
  const signed = signatures
    ? `signature ${signatures.whisperer}, Standard Webhooks' ${signatures.standard}`
    : 'signature not verified';
  const attempt = headers['x-whisperer-attempt'];
  return `POST ${path}  ${eventOf(body)}${typeof attempt === 'string' ? `, attempt ${attempt}` : ''}, ${signed} → ${answered}`;
}

function eventOf(body: string): string {
  try {
    const { event } = JSON.parse(body) as { event: { type: string; uuid: string } };
    return `${event.type} ${event.uuid}`;
  } catch {
    return 'a body that is no webhook event';
  }
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A number from 0 to 65535.');
  return Number(text);
}

function statuses(text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number >= 200 && number <= 599))
    throw new InvalidArgumentError('HTTP statuses from 200 to 599, with commas between them.');
  return numbers;
}
