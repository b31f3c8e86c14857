import { randomUUID } from 'node:crypto';
import { claimLeasedEvents, insertWebhookEvents, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import { HeldLeases } from './held-leases.ts';

const LEASE_SECONDS = 30;
const log = { debug() {}, info() {}, warn() {}, error() {} };

describe('Leases that came in messages', () => {
  let database: Database;
  let leases: HeldLeases;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(() => {
    leases = new HeldLeases({ pool: database.pool, leaseSeconds: LEASE_SECONDS, log });
  });

  /** Events as two dispatchers read them from one message. */
  async function readByTwo(count: number): Promise<[DispatchedEvent[], DispatchedEvent[]]> {
    const events = Array.from({ length: count }, () => ({
      uuid: randomUUID(),
      webhookId: 1,
      eventType: 'package.created',
      contentType: 4,
      objectId: '1',
      payload: '{}',
      lookupPath: null,
      traceparent: null,
      ordered: false,
    }));
    const rows = await insertWebhookEvents(
      database.pool,
      events.map((event) => ({ ...event, idempotency: null })),
      LEASE_SECONDS,
    );
    const read = () =>
      rows.map((row, index): DispatchedEvent => ({
        ...events[index]!,
        id: row.id,
        createdDate: row.created_date,
        lease: row.next_attempt_at,
        attempts: 0,
        cause: 'countdown',
      }));
    return [read(), read()];
  }
  const claimedElsewhere = (events: DispatchedEvent[]) =>
    claimLeasedEvents(database.pool, events, LEASE_SECONDS);

  it('are of no use to others once they are extended', async () => {
    const [held, elsewhere] = await readByTwo(3);
    leases.extend(held);
    await leases.settled();
    expect(await claimedElsewhere(elsewhere)).toEqual([]);
    expect(held.every(({ lease }, index) => lease > elsewhere[index]!.lease)).toBe(true);
  });

  // A dispatcher that was stopped for longer than its group waits finds its events with the partition's next owner.
  it('are lost when somebody else has claimed by them', async () => {
    const [[held], elsewhere] = await readByTwo(1);
    expect(await claimedElsewhere(elsewhere)).toHaveLength(1);
    expect(await leases.reclaim(held!)).toBe(false);
    leases.extend([held!]);
    await leases.settled();
    expect(await claimedElsewhere(elsewhere)).toHaveLength(1);
  });

  it('are reclaimed when nobody has claimed by them, whatever else renews them at that moment', async () => {
    const [held, elsewhere] = await readByTwo(100);
    leases.extend(held.slice(0, 60));
    const reclaimed = held.map((event) => leases.reclaim(event));
    leases.extend(held.slice(40));
    expect(await Promise.all(reclaimed)).toEqual(held.map(() => true));
    await leases.settled();
    expect(await claimedElsewhere(elsewhere)).toEqual([]);
    // What is held here is the row's lease, so that it can be recorded and given back.
    expect(await claimedElsewhere(held)).toHaveLength(100);
  });
});
