import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@oms-webhooks/db';
import { embeddedPostgres } from '../../deploy/local/src/embedded-postgres.ts';
import { freePort } from '../environment/free-port.ts';
import { eventually, startTarget } from '../environment/target.ts';
import { EVENTS, PUBLISH } from './api-client.ts';
import { arrivals, repetitions, startSystem } from './system.ts';

/** A PostgreSQL that can be stopped and started again with its data. */
async function restartablePostgres() {
  const dataDir = await mkdtemp(join(tmpdir(), 'oms-postgres-'));
  await chmod(dataDir, 0o755); // it runs as a user of its own
  const port = await freePort();
  let url = '';
  let stop = () => Promise.resolve();
  async function start(): Promise<void> {
    const stopping = new AbortController();
    await new Promise<void>((onReady) => {
      const server = embeddedPostgres({ dataDir, port, tell: () => undefined, onReady });
      url = server.url;
      const ended = server.worker.run(stopping.signal);
      stop = () => {
        stopping.abort();
        return ended;
      };
    });
  }
  await start();
  return {
    url,
    start,
    stop: () => stop(),
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function restartPostgresWhilePublishing(brokers: string | undefined): Promise<void> {
  const postgres = await restartablePostgres();
  await migrate(postgres.url);
  const target = await startTarget((response) => void setTimeout(() => response.end('ok'), 50));
  const system = await startSystem({ databaseUrl: postgres.url, ...(brokers && { brokers }) });
  try {
    const { id } = await system.api.createHook(target.url);
    const taken = new Map<string, number>();
    const refused = new Set<number>();
    let publishing = true;
    let nextPk = 1;
    const publishers = Array.from({ length: 4 }, async () => {
      while (publishing) {
        const pk = nextPk++;
        const answer = await system.api.post(PUBLISH, {
          hook: id,
          instance: { pk, model: 'package', data: {} },
        });
        if (answer.status === 202) taken.set(String(answer.headers['x-event-uuid']), pk);
        else {
          expect(answer.status).toBe(503);
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
          expect(answer.json).toEqual({ detail: expect.any(String) });
          refused.add(pk);
        }
      }
    });
    await eventually(() => target.received.length > 50, { what: 'the flow' });
    await postgres.stop();

    await eventually(async () => (await system.api.get(EVENTS)).status === 503);
    const whileAway = nextPk;
    for (const service of [system.ingestApi, system.dispatcher])
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${system.ingestApi.url}/readyz`)).status).toBe(503);
    await eventually(() => refused.has(whileAway + 20), { what: 'refusing' });

    await postgres.start();
    const before = taken.size;
    await eventually(() => taken.size > before + 50, { what: 'taking events again', withinMs: 60_000 });
    publishing = false;
    await Promise.all(publishers);
    await eventually(() => arrivals(target).size >= taken.size, {
      what: 'every event arriving',
      withinMs: 60_000,
    });
    await eventually(
      async () => (await system.api.get(`${EVENTS}?webhook=${id}&delivered=false`)).json.count === 0,
      { what: 'every event being recorded', withinMs: 60_000 },
    );

    const arrived = arrivals(target);
    expect([...taken.keys()].filter((uuid) => !arrived.has(uuid))).toEqual([]);
    expect([...(await repetitions(system, target))]).toEqual([]);
    // What was refused while PostgreSQL was surely away was not taken.
    const listed = await system.api.get(`${EVENTS}?object_id=${whileAway + 20}`);
    expect(listed.json.count).toBe(0);
    expect((await fetch(`${system.ingestApi.url}/readyz`)).status).toBe(200);
  } finally {
    await system.close();
    await target.close();
    await postgres.remove();
  }
}

describe('While PostgreSQL is away, nothing is taken; when it is back, nothing is lost or sent twice, and no restart is needed', () => {
  it.concurrent('with Kafka', () => restartPostgresWhilePublishing(process.env['KAFKA_BROKERS']), 240_000);
  it.concurrent('without a broker', () => restartPostgresWhilePublishing(undefined), 240_000);
});
