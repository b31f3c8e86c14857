import { startCommand } from './command-line.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const OS1 = '/core/api/v1/webhooks';
const TENANT = { 'X-COREOS-TID': 'north' };

describe('The command line shows of the OS1 registry', () => {
  let system: System;
  let app: string;
  beforeAll(async () => {
    system = await startSystem();
    const { api } = system;
    const { json } = await api.post(`${OS1}/apps`, { name: 'Users', permissions: [] }, TENANT);
    app = json.data.id;
    // More than one page of them.
    for (let page = 0; page < 6; page++) {
      const events = Array.from({ length: 20 }, (_, index) => ({
        name: `User${page}x${index}`,
        type: 'users',
        description: 'about users',
        eventType: 'UserEvent',
      }));
      await api.post(`${OS1}/topics/entity/events`, { events }, TENANT);
    }
  }, 180_000);
  afterAll(() => system.close());

  const registry = (...args: string[]) =>
    startCommand(['registry', ...args], {
      OMS_WEBHOOKS_URL: system.ingestApi.url,
      OMS_WEBHOOKS_TOKEN: ADMIN_TOKEN,
    }).ended;

  it("the account's app, in the tenant that is named", async () => {
    const { code, stdout } = await registry('apps', '--tenant', 'north');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: app, name: 'Users', permissions: [] }]);
    expect((await registry('apps')).code).toBe(1);
  }, 60_000);

  it('what is published on a topic, over all its pages', async () => {
    const { code, stdout } = await registry('events', 'entity', '--tenant', 'north');
    const [heading, ...rows] = stdout.trimEnd().split('\n');
    expect([code, heading?.split(/ +/)]).toEqual([0, ['NAME', 'TYPE', 'APPID', 'DESCRIPTION']]);
    expect(new Set(rows.map((row) => row.split(' ')[0])).size).toBe(120);
    expect((await registry('events', 'nowhere')).code).toBe(1);
  }, 60_000);

  it('who has subscribed', async () => {
    const { status } = await system.api.post(
      `${OS1}/subscriptions`,
      {
        description: 'mine',
        topic: 'entity',
        eventAppId: app,
        events: ['User0x0'],
        webhook: { url: 'http://127.0.0.1:9/hooks', signatureKey: 'c2lnbmF0dXJlLWtleQ==' },
      },
      TENANT,
    );
    expect(status).toBe(201);
    const { stdout } = await registry('subscriptions', '--tenant', 'north');
    expect(stdout).toMatch(
      /^ID +TOPIC +EVENTAPPID +ISACTIVE +DESCRIPTION\n\S+ +entity +app:\S+ +true +mine\n$/,
    );
    expect((await registry('subscriptions')).stdout).toMatch(/^ID[^\n]*\n$/);
  }, 60_000);
});
