import { pause } from '@oms-webhooks/lifecycle';
import { Agent, request } from 'undici';
import { between, type Random } from '../random.ts';
import type { Ledger } from './ledger.ts';

/** An event to be published; those of one line go one after the other. */
export interface EventToPublish {
  key: string;
  line: string;
  /** Its place in its line, from 0. */
  number: number;
  receiver: string;
  hook: number;
  /** The object that it is about. */
  pk: number;
  /** When it is published at the earliest, ms after the start. */
  atMs: number;
}

export interface PublishingOptions {
  /** Any of these takes any event. */
  apiUrls: string[];
  token: string;
  ledger: Ledger;
  random: Random;
  signal: AbortSignal;
}

const ANSWER_LIMIT_MS = 4_000;

/**
 * Publishes lines of events side by side. An event is published until it is answered 202, each time at another API and
 * always with the same key: only then comes the next of its line.
 */
export async function publishAll(lines: EventToPublish[][], options: PublishingOptions): Promise<void> {
  const agent = new Agent({ connections: 64, pipelining: 1 });
  const startedAt = Date.now();
  try {
    await Promise.all(lines.map((line) => publishLine(line, startedAt, agent, options)));
  } finally {
    await agent.destroy();
  }
}

async function publishLine(
  line: EventToPublish[],
  startedAt: number,
  agent: Agent,
  { apiUrls, token, ledger, random, signal }: PublishingOptions,
): Promise<void> {
  for (const event of line) {
    const early = startedAt + event.atMs - Date.now();
    if (early > 0) await pause(early, signal);
    let api = Math.floor(random() * apiUrls.length);
    while (!signal.aborted) {
      const sentAt = Date.now();
      const { answer, uuid } = await publish(`${apiUrls[api % apiUrls.length]}`, event, token, agent);
      ledger.note(answer);
      if (uuid !== undefined) {
        const { key, line, number, receiver } = event;
        ledger.acknowledge({ key, uuid, receiver, line, number, sentAt, acknowledgedAt: Date.now() });
        break;
      }
      api += 1;
      await pause(between(random, 50, 250), signal);
    }
  }
}

/** Answers what came of it, in a word, and the event's uuid if that was 202. */
async function publish(
  apiUrl: string,
  { key, line, number, hook, pk }: EventToPublish,
  token: string,
  agent: Agent,
): Promise<{ answer: string; uuid?: string }> {
  try {
    const { statusCode, headers, body } = await request(
      `${apiUrl}/api/v1/oms/oms_hook_events/publish-event/`,
      {
        method: 'POST',
        headers: {
          authorization: `Token ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ hook, instance: { pk, model: 'package', data: { key, line, number } } }),
        dispatcher: agent,
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      },
    );
    await body.dump();
    if (statusCode === 503) return { answer: headers['retry-after'] ? '503' : '503 without Retry-After' };
    return statusCode === 202
      ? { answer: '202', uuid: String(headers['x-event-uuid']) }
      : { answer: String(statusCode) };
  } catch (error) {
    const { name = 'Error', code = name } = error as { name?: string; code?: string };
    return { answer: name === 'TimeoutError' ? 'no answer in time' : `connection: ${code}` };
  }
}
