import { parseArgs } from 'node:util';
import {
  busOfSettings,
  deadLetteredTopics,
  kafkaOptionsOf,
  readDeadLetters,
  type DeadLetter,
  type DeadLetteredTopic,
} from '@oms-webhooks/bus';
import { settingsOrExit, variableRules, variables } from '@oms-webhooks/config';
import type { Log } from '@oms-webhooks/telemetry';
import { deadLetterInFull, deadLettersTable, letterName, type ListedLetter } from './dead-letters-table.ts';

const USAGE = `Usage:
  npm run dead-letters -- list [--topic TOPIC] [--reason TEXT]
  npm run dead-letters -- show TOPIC/PARTITION/OFFSET
  npm run dead-letters -- replay TOPIC/PARTITION/OFFSET
  npm run dead-letters -- replay --all [--topic TOPIC] [--reason TEXT]
TOPIC is one of ${deadLetteredTopics.join(', ')}; --reason takes those whose reason has the text in it.`;

const PROGRESS_EVERY = 100;

class UsageError extends Error {}

/** Which dead letters a command is about. */
interface Selection {
  topics: readonly DeadLetteredTopic[];
  wants: (letter: DeadLetter) => boolean;
}

const settings = settingsOrExit(
  process.env,
  {
    KAFKA_BROKERS: variables.KAFKA_BROKERS,
    KAFKA_SSL: variables.KAFKA_SSL,
    KAFKA_SASL_MECHANISM: variables.KAFKA_SASL_MECHANISM,
    KAFKA_SASL_USERNAME: variables.KAFKA_SASL_USERNAME,
    KAFKA_SASL_PASSWORD: variables.KAFKA_SASL_PASSWORD,
    KAFKA_TOPIC_PREFIX: variables.KAFKA_TOPIC_PREFIX,
  },
  variableRules,
);
const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** The command line of dead letters; answers the exit code. */
async function deadLettersCommand(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { topic: { type: 'string' }, reason: { type: 'string' }, all: { type: 'boolean' } },
  });
  const [verb, name, ...more] = positionals;
  if (more.length > 0) throw new UsageError('There are too many words.');
  switch (verb) {
    case 'list':
      return list(selectionOf(values));
    case 'show':
      return show(one(name));
    case 'replay':
      if ((name === undefined) !== (values.all ?? false)) throw new UsageError('Replay one, or --all.');
      return name === undefined ? replay(selectionOf(values)) : replay(one(name));
    default:
      throw new UsageError('There is no such command.');
  }
}

function selectionOf({ topic, reason = '' }: { topic?: string; reason?: string }): Selection {
  const topics = deadLetteredTopics.filter((known) => topic === undefined || known === topic);
  if (topics.length === 0) throw new UsageError(`${topic} has no dead letters.`);
  return { topics, wants: (letter) => letter.reason.includes(reason) };
}

function one(name = ''): Selection {
  const [, topic, partition, offset] = /^([\w.]+)\/(\d+)\/(\d+)$/.exec(name) ?? [];
  if (offset === undefined) throw new UsageError('Which? A dead letter is named as the list names it.');
  return {
    ...selectionOf({ topic: topic as string }),
    wants: (letter) => letter.partition === Number(partition) && letter.offset === offset,
  };
}

async function read({ topics, wants }: Selection, onLetter: (letter: DeadLetter) => void | Promise<void>) {
  const options = kafkaOptionsOf(settings, 'dead-letters', log);
  if (!options)
    throw new UsageError('KAFKA_BROKERS is not set, and without Kafka there are no dead letters.');
  await readDeadLetters(options, topics, (letter) => (wants(letter) ? onLetter(letter) : undefined));
}

async function list(selection: Selection): Promise<number> {
  const letters: ListedLetter[] = [];
  await read(selection, (letter) => {
    const { setAsideAt, reason, value } = letter;
    letters.push({ name: letterName(letter), setAsideAt, bytes: value.length, reason });
  });
  console.log(letters.length === 0 ? 'There are no dead letters.' : deadLettersTable(letters));
  return 0;
}

async function show(selection: Selection): Promise<number> {
  let found = false;
  await read(selection, (letter) => {
    found = true;
    console.log(deadLetterInFull(letter));
  });
  if (!found) console.error('There is no such dead letter.');
  return found ? 0 : 1;
}

/** In their order, back to where they came from. Those that fail again are set aside anew, and not tried again here. */
async function replay(selection: Selection): Promise<number> {
  const bus = busOfSettings(settings, 'dead-letters', log);
  let count = 0;
  try {
    await read(selection, async ({ topic, key, value, headers }) => {
      await bus?.send(topic, [{ ...(key !== null && { key }), value, headers }]);
      count += 1;
      if (count % PROGRESS_EVERY === 0) console.error(`${count} replayed …`);
    });
  } finally {
    if (count > 0)
      console.log(`Replayed: ${count}. They stay listed until the topic's retention removes them.`);
    await bus?.close();
  }
  if (count === 0) console.error('There are no such dead letters.');
  return count > 0 ? 0 : 1;
}

try {
  process.exitCode = await deadLettersCommand(process.argv.slice(2));
} catch (error) {
  const { message, code } = error as Error & { code?: unknown };
  const isUsage = error instanceof UsageError || String(code).startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${message}\n\n${USAGE}` : message);
  process.exitCode = isUsage ? 2 : 1;
}
