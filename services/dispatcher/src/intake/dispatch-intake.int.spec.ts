import { randomUUID } from 'node:crypto';
import { createMemoryBroker } from '@oms-webhooks/bus';
import { insertWebhookEvents, parkEvents, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { encodeDispatchMessage, type DispatchedEvent } from '@oms-webhooks/domain';
import { eventually } from '../../../../tests/environment/target.ts';
import { dispatchIntake } from './dispatch-intake.ts';

const LEASE_SECONDS = 30;
const log = { debug() {}, info() {}, warn() {}, error() {} };

describe('What comes from Kafka', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });

  async function published(): Promise<DispatchedEvent> {
    const event = {
      uuid: randomUUID(),
      webhookId: 1,
      eventType: 'package.created',
      contentType: 4,
      objectId: '1',
      payload: '{}',
      lookupPath: null,
      traceparent: null,
      ordered: false,
    };
    const [row] = await insertWebhookEvents(database.pool, [{ ...event, idempotency: null }], LEASE_SECONDS);
    if (!row) throw new Error('nothing was inserted');
    return {
      ...event,
      id: row.id,
      createdDate: row.created_date,
      lease: row.next_attempt_at,
      attempts: 0,
      cause: 'countdown',
    };
  }

  /** Hands the events over in one message, so long after they were published; answers what is offered to the lanes. */
  async function handedOver(
    events: DispatchedEvent[],
    secondsLater: number,
    howMany: number,
    {
      stopAtOnce = false,
      ownedMs = 60_000,
      room = 100,
      givenBack = [] as DispatchedEvent[],
      onBehind = () => {},
      now = () => Date.now() * 1000 + secondsLater * 1_000_000,
    } = {},
  ) {
    // The partition has been this consumer's for so long.
    const bus = createMemoryBroker(() => Date.now() - ownedMs).connect();
    const offered: DispatchedEvent[] = [];
    const stopping = new AbortController();
    const running = dispatchIntake({
      bus,
      pool: database.pool,
      lanes: {
        claim: (webhookIds) => webhookIds.map((webhookId) => ({ webhookId, room })),
        claimed: () => undefined,
        offer: (jobs) =>
          jobs.forEach(({ event, settled }) => {
            offered.push(event);
            settled();
          }),
      },
      giveBack: (event) => {
        givenBack.push(event);
        return Promise.resolve();
      },
      onDoubt: () => undefined,
      onBehind,
      leaseSeconds: LEASE_SECONDS,
      timeoutMs: 1000,
      now,
      log,
    }).run(stopping.signal);
    await bus.send('oms.webhook-dispatch', [{ value: encodeDispatchMessage(events) }]);
    // The message is read before the signal is looked at.
    if (stopAtOnce) await new Promise((resolve) => setImmediate(resolve));
    else await eventually(() => offered.length >= howMany, { what: 'events being offered' });
    stopping.abort();
    await running;
    await bus.close();
    return offered;
  }

  it('is taken as it is when it was published just now', async () => {
    const event = await published();
    const { lease } = event;
    const [offered] = await handedOver([event], 0, 1);
    expect(offered).toMatchObject({ uuid: event.uuid, lease });
  });

  it('is taken as it is also when it has waited in its partition, which nobody else has read meanwhile', async () => {
    const event = await published();
    const { lease } = event;
    const [offered] = await handedOver([event], 10, 1);
    expect(offered).toMatchObject({ uuid: event.uuid, lease });
  });

  it('is claimed for a whole lease when it has waited so long that its own may end in a queue', async () => {
    const event = await published();
    const { lease } = event;
    const [offered] = await handedOver([event], 20, 1);
    expect(offered?.uuid).toBe(event.uuid);
    expect(offered?.lease).toBeGreaterThan(lease);
  });

  it('is claimed first when the partition was somebody else’s, who may have parked it', async () => {
    const [kept, parked] = [await published(), await published()];
    await parkEvents(database.pool, [parked], null);
    const { lease } = kept;
    const offered = await handedOver([parked, kept], 2, 1, { ownedMs: 1_000 });
    expect(offered.map(({ uuid }) => uuid)).toEqual([kept.uuid]);
    expect(offered[0]?.lease).toBeGreaterThan(lease);
  });

  // Claimed and then parked, tens of thousands of them held up for seconds what was behind them in the partition.
  it('is given back as it is where it is late and there is no room for it', async () => {
    const [first, second] = [await published(), await published()];
    const { lease } = second;
    const givenBack: DispatchedEvent[] = [];
    const offered = await handedOver([first, second], 2, 1, { ownedMs: 1_000, room: 1, givenBack });
    expect(offered.map(({ uuid }) => uuid)).toEqual([first.uuid]);
    expect(givenBack).toMatchObject([{ uuid: second.uuid, lease }]);
  });

  // A fresh event behind 100,000 that were published while no dispatcher was there came seconds late.
  it('has those who publish take another way, from the beginning and for as long as what comes is old', async () => {
    let said = 0;
    let late = 0;
    const now = () => Date.now() * 1000 + late;
    await handedOver([await published()], 0, 1, { now, onBehind: () => void (said += 1) });
    expect(said).toBe(1);
    const events = await Promise.all(Array.from({ length: 10 }, () => published()));
    const onBehind = () => {
      said += 1;
      late = 5_000_000;
    };
    await handedOver(events, 0, 10, { now, onBehind });
    // When it begins, and for ten events that are old by then only once.
    expect(said).toBe(3);
  });

  // Lanes that are stopped give it back, due at once; left alone it would be waited for until its lease has run out.
  it('is claimed also when the process is asked to stop meanwhile', async () => {
    const event = await published();
    const { lease } = event;
    const [offered] = await handedOver([event], 2, 1, { stopAtOnce: true, ownedMs: 1_000 });
    expect(offered?.uuid).toBe(event.uuid);
    expect(offered?.lease).toBeGreaterThan(lease);
  });
});
