import { startFakeOmnitron, type FakeOmnitron } from '../environment/fake-omnitron.ts';
import { freePort } from '../environment/free-port.ts';
import { eventually } from '../environment/target.ts';
import { apiClient } from './api-client.ts';
import { serviceProcess, type ServiceProcess } from './service-process.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const LIMIT_MS = 90_000;
/** A run that has not shown for 15 s that it lives is taken for dead. */
const ABORTED_LIMIT_MS = 40_000;
const SETUP = '/api/v1/oms/setup/webhooks/';
const OMNITRON_TOKEN = 'omnitron-service-token';
const wanted = Array.from({ length: 6 }, (_, number) => ({
  target_url: `https://omnitron.test/hooks/${number}`,
  event_type: 'package.created',
}));

describe('Setup, as processes', () => {
  let omnitron: FakeOmnitron;
  let system: System;
  let replica: ServiceProcess;

  beforeAll(async () => {
    omnitron = await startFakeOmnitron();
    const environment = {
      OMNITRON_WEBHOOKS: JSON.stringify(wanted),
      OMNITRON_URL: omnitron.url,
      OMNITRON_TOKEN,
    };
    system = await startSystem({ environment });
    replica = serviceProcess('ingest-api', await freePort(), {
      ...environment,
      DATABASE_URL: system.database.url,
      API_TOKEN: ADMIN_TOKEN,
    });
    await replica.start();
  }, LIMIT_MS);
  afterAll(async () => {
    await replica.stop();
    await system.close();
    await omnitron.close();
  }, LIMIT_MS);

  it(
    'that is killed in mid-run reads ABORTED elsewhere, and the next run registers the rest, each once',
    async () => {
      const other = apiClient(replica.url, `Token ${ADMIN_TOKEN}`);
      const state = async () => (await other.get(`${SETUP}get_async_status/`)).json.result as string;
      const isRequired = async () => (await other.get(`${SETUP}is_required/`)).json as object;
      expect([await state(), await isRequired()]).toEqual(['READY', { result: 'true' }]);

      // Two are registered; the answer to the third never comes.
      omnitron.before = ({ method }) =>
        method === 'POST' && omnitron.hooks.length === 2 ? new Promise(() => {}) : false;
      const answer = await system.api.post(`${SETUP}execute/`, undefined);
      expect([answer.status, answer.text]).toEqual([204, '']);
      await eventually(() => omnitron.requests.filter(({ method }) => method === 'POST').length === 3, {
        withinMs: LIMIT_MS / 3,
        what: 'the third webhook being registered',
      });
      expect(await state()).toBe('WORKING');
      await system.ingestApi.kill();
      omnitron.before = () => false;

      // Nobody knows yet that it is dead: it is not run beside itself.
      expect((await other.post(`${SETUP}execute/`, undefined)).status).toBe(204);
      expect(await state()).toBe('WORKING');
      await eventually(async () => (await state()) === 'ABORTED', {
        withinMs: ABORTED_LIMIT_MS,
        what: 'the run reading ABORTED',
      });
      expect(omnitron.hooks).toHaveLength(2);

      expect((await other.post(`${SETUP}execute/`, undefined)).status).toBe(204);
      await eventually(async () => (await state()) === 'FINISHED', {
        withinMs: LIMIT_MS / 3,
        what: 'the second run being finished',
      });
      expect(await isRequired()).toEqual({ result: 'false' });
      expect(omnitron.hooks).toEqual(wanted);
      const { rows } = await system.database.pool.query(
        'SELECT state, registered FROM setup_task ORDER BY id',
      );
      expect(rows).toEqual([
        { state: 'ABORTED', registered: expect.any(Number) as number },
        { state: 'FINISHED', registered: 4 },
      ]);
    },
    LIMIT_MS,
  );

  it('does not start with webhooks in the settings that nobody could register', async () => {
    const broken = serviceProcess('ingest-api', await freePort(), {
      DATABASE_URL: system.database.url,
      OMNITRON_WEBHOOKS: '[{"target_url": "https://a.test/", "event_type": "package.created", "config": 7}]',
    });
    await expect(broken.start()).rejects.toThrow('OMNITRON_WEBHOOKS has an entry 0 that is refused');
    expect(await broken.stop()).toBe(78);
  });
});
