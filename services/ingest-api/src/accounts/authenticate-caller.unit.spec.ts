import { ApiError, hashOfKey, type Caller } from '@oms-webhooks/http';
import { authenticateCaller } from './authenticate-caller.ts';

const caller = (tokenId: number): Caller => ({
  accountId: 1,
  account: 'oms',
  superuser: false,
  roles: [],
  app: null,
  tokenId,
});
const tokens = new Map([
  ['one', caller(1)],
  ['two', caller(2)],
]);
const idle = () => undefined;

function authentication(rateLimit?: number, onLookup: () => void = idle) {
  const authenticate = authenticateCaller((hash) => {
    onLookup();
    const key = [...tokens.keys()].find((known) => hashOfKey(known).equals(hash));
    return Promise.resolve(key === undefined ? undefined : tokens.get(key));
  }, rateLimit);
  return (key: string, address = '192.0.2.1') =>
    authenticate({ authorization: `Token ${key}` }, address).then(
      () => 200,
      (error: unknown) => error as ApiError,
    );
}
const statuses = async (answers: Promise<number | ApiError>[]) =>
  (await Promise.all(answers)).map((answer) => (answer instanceof ApiError ? answer.status : answer));

describe('the rate limit of tokens', () => {
  it('is off unless set', async () => {
    const authenticate = authentication();
    const answers = await statuses(Array.from({ length: 2000 }, () => authenticate('one')));
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('refuses what goes beyond the burst with 429 and Retry-After, for that token alone', async () => {
    const authenticate = authentication(2);
    expect(await statuses(Array.from({ length: 4 }, () => authenticate('one')))).toEqual([
      200, 200, 200, 200,
    ]);
    expect(await authenticate('one')).toMatchObject({
      status: 429,
      body: { detail: 'Request was throttled. Expected available in 1 second.' },
      headers: { 'Retry-After': '1' },
    });
    expect(await authenticate('two')).toBe(200);
  });
});

describe('failed authentications', () => {
  it('are refused beyond a hundred of one address, without a look-up, and leave others alone', async () => {
    let lookups = 0;
    const authenticate = authentication(undefined, () => (lookups += 1));
    const answers: (number | undefined)[] = [];
    for (let tries = 0; tries < 150; tries += 1) answers.push(...(await statuses([authenticate('wrong')])));
    expect(answers.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 401));
    expect(answers.at(-1)).toBe(429);
    expect(lookups).toBeLessThan(150);
    expect(await statuses([authenticate('one'), authenticate('one', '192.0.2.2')])).toEqual([429, 200]);
  });

  it('do not count where authentication succeeds', async () => {
    const authenticate = authentication();
    for (let tries = 0; tries < 150; tries += 1) expect(await authenticate('one')).toBe(200);
  });
});
