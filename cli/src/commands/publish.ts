import { Command, Option } from 'commander';
import { contextOf } from '../context.ts';
import { positive } from '../event-options.ts';
import { EXIT, Failure } from '../failure.ts';
import { objectText } from '../json-text.ts';
import { table } from '../table.ts';

interface Options {
  webhook?: number;
  eventType?: string;
  model: string;
  pk: string;
  data?: string;
  idempotencyKey?: string;
}

/** `publish`: one event to one webhook, or to all that hear its type. */
export function publishCommand(): Command {
  return new Command('publish')
    .description('say that something happened: to one webhook, or to all of an event type')
    .addOption(new Option('--webhook <id>', 'to this webhook').argParser(positive).conflicts('eventType'))
    .option('--event-type <name>', 'to every active webhook of this type')
    .requiredOption('--pk <id>', 'which object')
    .option('--model <name>', 'what kind of object', 'package')
    .option('--data <json>', 'its payload: JSON, @file, or - for stdin; without it the resource is looked up')
    .option('--idempotency-key <text>', 'the same key again within a day is the same event')
    .action(async (options: Options, command: Command) => {
      const { api, out } = contextOf(command);
      const { webhook, eventType, model, pk, idempotencyKey } = options;
      if (webhook === undefined && eventType === undefined)
        throw new Failure('To whom? --webhook ID, or --event-type NAME.', EXIT.usage);
      // Put together as text: data with large numbers is sent as it was given.
      const data = options.data === undefined ? '' : `,"data":${objectText(options.data, '--data')}`;
      const instance = `"instance":{"pk":${JSON.stringify(pk)},"model":${JSON.stringify(model)}${data}}`;
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
      if (webhook !== undefined) {
        const answer = await api.send(
          'POST',
          '/api/v1/oms/oms_hook_events/publish-event/',
          `{"hook":${webhook},${instance}}`,
          headers,
        );
        const uuid = answer.headers.get('x-event-uuid');
        return out.print(out.json ? JSON.stringify({ events: [{ uuid, webhook }] }) : `${uuid}`);
      }
      const { text, json } = await api.send<{ events: { uuid: string; webhook: number }[] }>(
        'POST',
        '/api/v1/oms/events/',
        `{"event_type":${JSON.stringify(eventType)},${instance}}`,
        headers,
      );
      if (out.json) return out.print(text);
      if (json.events.length === 0) return out.tell(`Nobody listens to ${eventType}.`);
      out.print(
        table(
          ['EVENT', 'WEBHOOK'],
          json.events.map((event) => [event.uuid, event.webhook]),
        ),
      );
    });
}
