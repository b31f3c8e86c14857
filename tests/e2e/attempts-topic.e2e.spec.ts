import { Kafka, logLevel } from 'kafkajs';
import { eventually, respond, startTarget } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import { startSystem, type System } from './system.ts';

const BROKERS = process.env['KAFKA_BROKERS'] ?? '';
const LIMIT_MS = 60_000;

type Message = Record<string, unknown>;

/** Reads everything that is published on a topic, from its beginning. */
async function readAll(topic: string): Promise<{ messages: Message[]; close: () => Promise<void> }> {
  const kafka = new Kafka({ brokers: BROKERS.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reads ${topic}` });
  const messages: Message[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage({ message: { key, value } }) {
      messages.push({ key: String(key), ...(JSON.parse(String(value)) as Message) });
      return Promise.resolve();
    },
  });
  return { messages, close: () => consumer.disconnect() };
}

describe('The topic oms.webhook-attempts', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ brokers: BROKERS });
  }, LIMIT_MS);
  afterAll(() => system.close(), LIMIT_MS);

  it(
    'has each attempt as the API lists it, in order, and what followed from it',
    async () => {
      const target = await startTarget((response, _, number) =>
        response.writeHead(number < 3 ? 503 : 204).end(),
      );
      const { id: webhook } = await system.api.createHook(target.url, { secret_key: 'of-the-webhook' });
      const uuid = await system.api.publish(webhook, { pk: 8812, data: { token: 'of-the-payload' } });
      const topic = await readAll(`${system.topicPrefix}oms.webhook-attempts`);
      try {
        await eventually(() => topic.messages.length === 3, {
          withinMs: LIMIT_MS,
          what: 'three attempts on the topic',
        });
        const { id } = (await system.api.event(uuid)) as { id: number };
        const listed = (await system.api.get(`${EVENTS}${id}/attempts/`)).json.results as Message[];
        const common = { key: uuid, event: uuid, webhook, object_id: 8812, content_type: 4 };
        expect(topic.messages).toEqual(
          [...listed].reverse().map((attempt, index) => ({
            ...common,
            event_type: 'package.created',
            number: attempt['number'],
            cause: 'countdown',
            request_datetime: attempt['request_datetime'],
            duration_ms: attempt['duration_ms'],
            response_http_status: attempt['response_http_status'],
            error_kind: null,
            error: index < 2 ? 'The target answered 503.' : null,
            state: index < 2 ? 'retrying' : 'delivered',
            next_attempt_at: index < 2 ? (expect.any(String) as string) : null,
          })),
        );
        expect(JSON.stringify(topic.messages)).not.toMatch(/of-the-(webhook|payload)/);
      } finally {
        await Promise.all([topic.close(), target.close()]);
      }
    },
    LIMIT_MS,
  );

  it(
    'has what a dispatcher had not yet published when it was told to stop',
    async () => {
      const target = await startTarget(respond(200));
      const topic = await readAll(`${system.topicPrefix}oms.webhook-attempts`);
      try {
        const { id } = await system.api.createHook(`${target.url}/stop`);
        const uuid = await system.api.publish(id, { pk: 1, data: {} });
        await eventually(async () => (await system.api.event(uuid)).delivered, { what: 'the delivery' });
        expect(await system.dispatcher.stop()).toBe(0);
        await eventually(() => topic.messages.some(({ event }) => event === uuid), {
          withinMs: LIMIT_MS,
          what: 'its attempt on the topic',
        });
      } finally {
        await Promise.all([topic.close(), target.close()]);
      }
    },
    LIMIT_MS,
  );
});
