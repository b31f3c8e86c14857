import type { DispatchedEvent } from '@oms-webhooks/domain';
import { LookUps } from './look-ups.ts';
import { LookupError } from './oms-resources.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const SECOND = 1_000_000;

const eventAt = (createdDate: number, lookupPath = '/a', lease = 60 * SECOND): DispatchedEvent => ({
  id: 1,
  createdDate,
  uuid: '',
  webhookId: 1,
  eventType: 'UserCreated',
  contentType: null,
  objectId: '',
  payload: null,
  lookupPath,
  attempts: 0,
  cause: 'countdown',
  lease,
  traceparent: null,
  ordered: false,
});

/** Look-ups whose requests end when the spec says so. */
function lookUpsUnderTest() {
  const requests: { path: string; end: (text: string) => void; fail: (error: Error) => void }[] = [];
  const clock = { micros: 0 };
  const lookUps = new LookUps({
    resources: {
      pathOf: ({ lookupPath }) => {
        if (lookupPath === null) throw new LookupError('no path');
        return lookupPath;
      },
      fetch: (path) => new Promise((end, fail) => requests.push({ path, end, fail })),
    },
    timeoutMs: 10_000,
    now: () => clock.micros,
  });
  return { lookUps, requests, clock };
}

describe('LookUps', () => {
  it('asks once for the events of one moment', async () => {
    const { lookUps, requests } = lookUpsUnderTest();
    const found = [eventAt(5), eventAt(5), eventAt(4)].map((event) => lookUps.resource(event));
    expect(requests.map(({ path }) => path)).toEqual(['/a']);
    requests[0]?.end('{"v":1}');
    expect(await Promise.all(found)).toEqual(['{"v":1}', '{"v":1}', '{"v":1}']);
  });

  it('asks again for an event that is newer than a request under way, and for one after it has ended', async () => {
    const { lookUps, requests } = lookUpsUnderTest();
    const before = lookUps.resource(eventAt(5));
    const after = lookUps.resource(eventAt(6));
    expect(requests).toHaveLength(2);
    requests[0]?.end('"before"');
    requests[1]?.end('"after"');
    expect(await Promise.all([before, after])).toEqual(['"before"', '"after"']);
    void lookUps.resource(eventAt(6));
    expect(requests).toHaveLength(3);
  });

  it('keeps what was found for the event, and tells of its end whatever that is', async () => {
    const { lookUps, requests } = lookUpsUnderTest();
    const [first, second] = [eventAt(5), eventAt(5, '/b')];
    const both = [lookUps.found(first), lookUps.found(second)];
    requests[0]?.end('1');
    requests[1]?.fail(new LookupError('GET /b answered 404'));
    await Promise.all(both);
    expect(await lookUps.resource(first)).toBe('1');
    await expect(lookUps.resource(second)).rejects.toThrow('404');
    expect(requests).toHaveLength(2);
    await lookUps.found(eventAt(5, null as unknown as string));
  });

  it('has 32 requests under way at most, and the next as soon as one ends', async () => {
    const { lookUps, requests } = lookUpsUnderTest();
    const found = Array.from({ length: 40 }, (_, n) => lookUps.resource(eventAt(n, `/${n}`)));
    const outcomes = Promise.allSettled(found);
    expect(requests).toHaveLength(32);
    // Not begun yet, so a newer event may share it.
    const shared = lookUps.resource(eventAt(99, '/35'));
    for (let n = 0; n < 40; n += 1) {
      if (n % 2) requests[n]?.end(`${n}`);
      else requests[n]?.fail(new LookupError('away'));
      await settle();
    }
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await shared).toBe('35');
    expect(requests).toHaveLength(40);
  });

  it('does not ask for events whose lease is over when their turn comes', async () => {
    const { lookUps, requests, clock } = lookUpsUnderTest();
    const first = Array.from({ length: 32 }, (_, n) => lookUps.resource(eventAt(n, `/${n}`)));
    const late = lookUps.resource(eventAt(50, '/late', 20 * SECOND));
    const inTime = lookUps.resource(eventAt(50, '/in-time'));
    late.catch(() => undefined);
    clock.micros = 9 * SECOND;
    requests[0]?.end('0');
    await first[0];
    await settle();
    await expect(late).rejects.toThrow('its turn did not come in time');
    expect(requests.at(-1)?.path).toBe('/in-time');
    requests.at(-1)?.end('1');
    expect(await inTime).toBe('1');
  });
});
