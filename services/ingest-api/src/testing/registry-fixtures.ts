import type { Response } from 'supertest';
import type { Account, RunningRegistry } from './run-registry.ts';

const PERMISSIONS = ['get-users', 'get-user-details', 'update-user'];

const idOf = (made: Response) => (made.body as { data: { id: string } }).data.id;

/** Details of an event to register, which is tried on messages of a type of its own. */
export const eventDetails = (name: string, fields: object = {}) => ({
  name,
  description: `when ${name}`,
  eventType: `${name}Event`,
  filterLogic: { '===': ['$eventType', `${name}Event`] },
  type: 'users',
  ...fields,
});

/** Makes publishers, each with an account and an app of its own. */
export function publishersOf(registry: () => RunningRegistry) {
  let accounts = 0;
  const newcomer = (fields: object = {}) => registry().account(`account-${++accounts}`, [], fields);
  return {
    newcomer,
    publisher: async (tenant?: string): Promise<Account & { app: string }> => {
      const account = await newcomer();
      const made = await account.os1('post', '/apps', tenant).send({ permissions: PERMISSIONS }).expect(201);
      return { ...account, app: idOf(made) };
    },
  };
}

const HELD = [['get-users', 'get-user-details']];
export const TARGET_URL = 'http://127.0.0.1:9/hook';
export const SIGNATURE_KEY = 'c3dvcmRmaXNoLWluLWJhc2U2NA==';

/** A publisher with an app in the nameless tenant and one in `eu`, 25 events in the former, and who may subscribe to them. */
export async function subscribable(registry: RunningRegistry) {
  const publisher = await registry.account('publisher');
  const appIn = async (tenant: string): Promise<string> => {
    const made = await publisher.os1('post', '/apps', tenant).send({ permissions: HELD[0], name: 'Users' });
    return idOf(made);
  };
  const app = await appIn('');
  await appIn('eu');
  const events = names(25).map((name) => ({ name, description: '', eventType: name, type: 'users' }));
  await publisher.os1('post', '/topics/participant/events').send({ events }).expect(201);

  let accounts = 0;
  const body = (fields: object = {}) => ({
    description: 'who joins',
    topic: 'participant',
    eventAppId: app,
    events: ['Event0', 'Event1'],
    webhook: { url: TARGET_URL, signatureKey: SIGNATURE_KEY },
    ...fields,
  });
  return {
    publisher,
    app,
    body,
    subscriber: (permissions = HELD) => registry.account(`subscriber-${++accounts}`, permissions),
    /** @returns the id of the subscription */
    subscribe: async (account: Account, fields: object = {}): Promise<string> =>
      idOf(await account.os1('post', '/subscriptions').send(body(fields)).expect(201)),
  };
}

export type Subscribable = Awaited<ReturnType<typeof subscribable>>;

/** `Event0`, `Event1` … */
export const names = (count: number) => Array.from({ length: count }, (_, at) => `Event${at}`);
