import { randomUUID } from 'node:crypto';
import { standardSignature } from '@oms-webhooks/domain';
import { eventually } from '../../environment/target.ts';
import { RESEND } from '../api-client.ts';
import { startSystem, type System } from '../system.ts';
import { examples } from './examples.ts';
import { receiverProcess, type ReceiverProcess } from './receiver-process.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PLAIN_SECRET = 'schlüssel';
const BODY = '{"event":{"type":"package.created","uuid":"2877cadd"},"payload":{"name":"Ünye"}}';

interface Request {
  secret?: string;
  id?: string;
  /** How old it says it is, in seconds. */
  age?: number;
}

/** A request that whoever has the secret signed. */
function signed({ secret = SECRET, id = randomUUID(), age = 0 }: Request = {}) {
  const timestamp = Math.floor(Date.now() / 1000) - age;
  return {
    method: 'POST',
    body: BODY,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': standardSignature(secret, id, timestamp, BODY),
    },
  };
}

/** The same with other headers. */
const altered = ({ headers, ...request }: ReturnType<typeof signed>, others: Record<string, string>) => ({
  ...request,
  headers: { ...headers, ...others },
});

describe("The receivers' examples", () => {
  let system: System;
  let receiver: ReceiverProcess;
  beforeAll(async () => {
    system = await startSystem();
  }, 180_000);
  afterAll(() => system.close());
  afterEach(() => receiver.remove());

  const send = async (request: RequestInit): Promise<number> => (await fetch(receiver.url, request)).status;
  const told = (word: 'new' | 'known', id: string) =>
    receiver.lines().filter((line) => line === `${word} ${id}`).length;
  /** What a program prints is here a moment after its answer. */
  const isTold = (id: string, times: { new: number; known: number }) =>
    eventually(() => told('new', id) === times.new && told('known', id) === times.known, {
      withinMs: 60_000,
      what: `what is told of ${id}: ${JSON.stringify(times)}`,
    });

  it.each(examples)(
    '$name takes what is genuine, once, and refuses the rest',
    async (example) => {
      receiver = await receiverProcess(example);
      await receiver.start(SECRET);

      const { id: hook } = await system.api.createHook(receiver.url, { secret_key: SECRET });
      const uuid = await system.api.publish(hook, { pk: 8812, data: { id: 8812, name: 'Ünye' } });
      const attempts = (count: number) =>
        eventually(async () => (await system.api.event(uuid)).retry_count === count, {
          withinMs: 60_000,
          what: `attempt ${count}`,
        });
      await attempts(1);
      expect(await system.api.event(uuid)).toMatchObject({ state: 'delivered', response_http_status: 204 });
      await system.api.post(RESEND, { event: uuid });
      await attempts(2);
      expect(await system.api.event(uuid)).toMatchObject({ state: 'delivered', response_http_status: 204 });
      await isTold(uuid, { new: 1, known: 1 });

      const id = randomUUID();
      const genuine = signed({ id });
      const signature = genuine.headers['webhook-signature'];
      const refused: Record<string, RequestInit> = {
        'of another secret': signed({ id, secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
        'with another body': { ...genuine, body: BODY.replace('Ünye', 'Unye') },
        'with another id': altered(genuine, { 'webhook-id': randomUUID() }),
        'from ten minutes ago': signed({ id, age: 600 }),
        'from ten minutes ahead': signed({ id, age: -600 }),
        'from ten minutes ago, said to be of now': altered(signed({ id, age: 600 }), {
          'webhook-timestamp': genuine.headers['webhook-timestamp'],
        }),
        'with a time that is none': altered(genuine, { 'webhook-timestamp': 'today' }),
        'with half a signature': altered(genuine, { 'webhook-signature': signature.slice(0, 20) }),
        'with a signature in no alphabet': altered(genuine, { 'webhook-signature': 'v1,é' }),
        'without a signature': altered(genuine, { 'webhook-signature': '' }),
        'without anything': { method: 'POST' },
      };
      for (const [what, request] of Object.entries(refused))
        expect([what, await send(request)]).toEqual([what, 401]);
      expect(told('new', id)).toBe(0);

      // While the secret is being replaced.
      expect(await send(altered(genuine, { 'webhook-signature': `v1,b2xk ${signature}` }))).toBe(204);
      await isTold(id, { new: 1, known: 0 });

      await receiver.stop();
      await receiver.start(PLAIN_SECRET);
      expect(await send(signed({ id: uuid, secret: PLAIN_SECRET }))).toBe(204);
      await isTold(uuid, { new: 1, known: 2 });
    },
    240_000,
  );
});
