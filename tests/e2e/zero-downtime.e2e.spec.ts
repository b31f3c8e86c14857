import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { openDatabase } from '@oms-webhooks/db';
import { createEmptyDatabase } from '@oms-webhooks/db/testing';
import { freePort } from '../environment/free-port.ts';
import { eventually, startTarget } from '../environment/target.ts';
import { apiClient } from './api-client.ts';
import { previousVersion, thisVersion, type Version } from './previous-version.ts';
import { publishUnderLoad, type Load } from './retrying-publisher.ts';
import { serviceProcess, type ServiceProcess } from './service-process.ts';
import { ADMIN_TOKEN, arrivals, repetitions } from './system.ts';

const LIMIT_MS = 600_000;
const run = promisify(execFile);

/** Services of several versions on one database, which begins empty. */
async function startFleet(brokers: string | undefined) {
  const empty = await createEmptyDatabase();
  const environment = {
    DATABASE_URL: empty.url,
    API_TOKEN: ADMIN_TOKEN,
    DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8',
    DELIVERY_TIMEOUT_MS: '5000',
    ...(brokers && {
      KAFKA_BROKERS: brokers,
      KAFKA_TOPIC_PREFIX: `e2e-${randomBytes(4).toString('hex')}.`,
    }),
  };
  const target = await startTarget();
  const services: ServiceProcess[] = [];
  const add = async (name: 'ingest-api' | 'dispatcher', { ingestApi, dispatcher }: Version) => {
    const entry = name === 'ingest-api' ? ingestApi : dispatcher;
    const service = serviceProcess(name, await freePort(), environment, entry);
    services.push(service);
    return service;
  };
  return {
    target,
    add,
    migrate: ({ migrate }: Version) =>
      run(process.execPath, [migrate], { env: { ...process.env, ...environment } }).catch(
        (error: Error & { stdout: string }) => {
          throw new Error(`${error.message}: ${error.stdout}`);
        },
      ),
    createHook: async (api: ServiceProcess) =>
      (await apiClient(api.url, `Token ${ADMIN_TOKEN}`).createHook(target.url)).id,
    /** Every event that was answered 202 has arrived, is recorded, and came no oftener than it was attempted. */
    async expectAllDelivered({ taken, failed }: Load) {
      expect(failed).toEqual([]);
      const database = await openDatabase({ url: empty.url, applicationName: 'end-to-end', poolSize: 2 });
      try {
        await eventually(
          async () => {
            const { rows } = await database.pool.query<{ uuid: string; state: string }>(
              'SELECT uuid, state FROM webhook_event',
            );
            expect(rows.length).toBe(taken.size);
            return rows.every(({ uuid, state }) => taken.has(uuid) && state === 'delivered');
          },
          { what: 'every event being delivered', withinMs: 90_000, everyMs: 500 },
        );
        const arrived = arrivals(target);
        expect([...taken].filter((uuid) => !arrived.has(uuid))).toEqual([]);
        expect([...(await repetitions({ database }, target))]).toEqual([]);
      } finally {
        await database.close();
      }
    },
    async close() {
      await Promise.all(services.map((service) => service.stop()));
      await target.close();
      await empty.drop();
    },
  };
}

const more = (load: Load, howMany: number, what: string) => {
  const before = load.taken.size;
  return eventually(() => load.taken.size >= before + howMany, { what, withinMs: 120_000 });
};

async function upgradeUnderLoad(brokers: string | undefined): Promise<void> {
  const previous = await previousVersion();
  const fleet = await startFleet(brokers);
  try {
    await fleet.migrate(previous);
    const [oldApi, oldDispatcher] = await Promise.all([
      fleet.add('ingest-api', previous),
      fleet.add('dispatcher', previous),
    ]);
    await Promise.all([oldApi.start(), oldDispatcher.start()]);
    const [newApi, newDispatcher] = await Promise.all([
      fleet.add('ingest-api', thisVersion),
      fleet.add('dispatcher', thisVersion),
    ]);
    const load = publishUnderLoad(await fleet.createHook(oldApi), [oldApi.url, newApi.url]);
    try {
      await more(load, 100, 'the old version');
      await fleet.migrate(thisVersion);
      await more(load, 100, 'the old version on the new schema');
      await newDispatcher.start();
      await more(load, 100, 'dispatchers of both versions');
      await newApi.start();
      await more(load, 200, 'both versions side by side');
      await oldDispatcher.stop();
      await more(load, 100, 'the new dispatcher with both APIs');
      await oldApi.stop();
      await more(load, 100, 'the new version');
    } finally {
      await load.stop();
    }
    await fleet.expectAllDelivered(load);
  } finally {
    await fleet.close();
  }
}

async function restartUnderLoad(brokers: string | undefined): Promise<void> {
  const fleet = await startFleet(brokers);
  try {
    await fleet.migrate(thisVersion);
    const apis = [
      await fleet.add('ingest-api', thisVersion),
      await fleet.add('ingest-api', thisVersion),
    ] as const;
    const dispatchers = [
      await fleet.add('dispatcher', thisVersion),
      await fleet.add('dispatcher', thisVersion),
    ];
    await Promise.all([...apis, ...dispatchers].map((service) => service.start()));
    const urls = apis.map(({ url }) => url);
    const load = publishUnderLoad(await fleet.createHook(apis[0]), urls);
    try {
      for (const service of [...apis, ...dispatchers]) {
        await more(load, 100, 'before a restart');
        expect(await service.stop()).toBe(0);
        await more(load, 50, 'while one is away');
        await service.start();
      }
      await more(load, 100, 'after the last restart');
    } finally {
      await load.stop();
    }
    await fleet.expectAllDelivered(load);
  } finally {
    await fleet.close();
  }
}

const roads = [
  ['with Kafka', process.env['KAFKA_BROKERS']],
  ['without a broker', undefined],
] as const;

describe('While one version is rolled out over the one before, no event is lost, refused or sent twice', () => {
  it.each(roads)('%s', (_, brokers) => upgradeUnderLoad(brokers), LIMIT_MS);
});

describe('While all services are restarted one by one, no event is lost, refused or sent twice', () => {
  it.each(roads)('%s', (_, brokers) => restartUnderLoad(brokers), LIMIT_MS);
});
