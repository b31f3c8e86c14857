import { addSeconds, type DispatchedEvent, type Outcome } from '@oms-webhooks/domain';
import type { Database } from '../database.ts';
import { answered, leasedEvent, openSpecDatabase, timedOut } from '../testing/spec-database.ts';
import { claimDueEvents } from './claim-due-events.ts';
import { recordAttempts } from './record-attempts.ts';
import { resendEvent } from './resend-event.ts';

describe('recordAttempts', () => {
  let database: Database;
  /** Made from the database's clock: attempts are kept in the partition of their week. */
  let now: number;
  beforeAll(async () => {
    database = await openSpecDatabase();
    const { rows } = await database.pool.query<{ now: number }>('SELECT now() AS now');
    now = rows[0]?.now ?? 0;
  });
  afterAll(() => database.close());

  const eventRow = async ({ id }: { id: number }) => {
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT state, next_attempt_at, attempts, attempt_cause, request_datetimes, response_http_status,
              response_content, last_error FROM webhook_event WHERE id = $1`,
      [id],
    );
    return rows[0];
  };
  const attemptRows = async ({ id }: { id: number }) => {
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT number, requested_at, duration_ms, cause, response_http_status, error_kind, error, response_headers,
              response_content FROM delivery_attempt WHERE event_id = $1 ORDER BY requested_at, number`,
      [id],
    );
    return rows;
  };
  const record = (event: DispatchedEvent, outcome: Outcome) =>
    recordAttempts(database.pool, [
      { event, outcome, next: { state: 'retrying', nextAttemptAt: addSeconds(now, 3600) } },
    ]);

  it('keeps a delivery: state, answer and attempt', async () => {
    const event = await leasedEvent(database.pool);
    const outcome = answered(202, 'kabul edildi ş', now);
    const changed = await recordAttempts(database.pool, [{ event, outcome, next: { state: 'delivered' } }]);
    expect(changed).toEqual(new Map([[event.id, 'as said']]));
    expect(await eventRow(event)).toEqual({
      state: 'delivered',
      next_attempt_at: null,
      attempts: 1,
      attempt_cause: 'countdown',
      request_datetimes: [now],
      response_http_status: 202,
      response_content: Buffer.from('kabul edildi ş'),
      last_error: null,
    });
    expect(await attemptRows(event)).toEqual([
      {
        number: 1,
        requested_at: now,
        duration_ms: 12,
        cause: 'countdown',
        response_http_status: 202,
        error_kind: null,
        error: null,
        response_headers: { 'content-type': 'text/plain' },
        response_content: Buffer.from('kabul edildi ş'),
      },
    ]);
  });

  it('records a network failure as 500 with its text and no content, also after an answer', async () => {
    const event = await leasedEvent(database.pool);
    await record(event, answered(503, 'later', now));
    await resendEvent(database.pool, event.uuid);
    const [again] = await claimDueEvents(database.pool, [{ webhookId: 1, room: 1 }], 30);
    await record(again!, timedOut(now + 1));
    expect(await eventRow(event)).toMatchObject({
      state: 'retrying',
      response_http_status: 500,
      response_content: null,
      last_error: 'No answer within 10000 ms.',
    });
    expect(await attemptRows(event)).toMatchObject([
      { number: 1, response_http_status: 503, error_kind: null, cause: 'countdown' },
      {
        number: 2,
        response_http_status: 500,
        error_kind: 'timeout',
        error: 'No answer within 10000 ms.',
        response_headers: null,
        response_content: null,
        duration_ms: 10000,
        cause: 'resend',
      },
    ]);
  });

  it('counts attempts, newest request first, and keeps microseconds', async () => {
    let event = await leasedEvent(database.pool);
    for (let number = 1; number <= 4; number += 1) {
      const lease = event.lease;
      await recordAttempts(database.pool, [
        {
          event,
          outcome: timedOut(now + number),
          next: { state: 'retrying', nextAttemptAt: lease - 60_000_000 },
        },
      ]);
      expect(await eventRow(event)).toMatchObject({ attempts: number, next_attempt_at: lease - 60_000_000 });
      [event] = (await claimDueEvents(database.pool, [{ webhookId: 1, room: 1 }], 30)) as [DispatchedEvent];
    }
    expect(event.attempts).toBe(4);
    expect(await eventRow(event)).toMatchObject({
      request_datetimes: [now + 4, now + 3, now + 2, now + 1],
    });
    expect((await attemptRows(event)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('keeps the attempt of a lost lease but changes no state', async () => {
    const event = await leasedEvent(database.pool);
    const before = await eventRow(event);
    const late = { ...event, lease: event.lease - 1 };
    const changed = await recordAttempts(database.pool, [
      { event: late, outcome: answered(200, 'ok', now), next: { state: 'delivered' } },
    ]);
    expect(changed.size).toBe(0);
    expect(await eventRow(event)).toEqual(before);
    expect(await attemptRows(event)).toHaveLength(1);
  });

  it('makes an event due again at once when a resend came while it was in flight', async () => {
    const event = await leasedEvent(database.pool, { webhookId: 3 });
    await resendEvent(database.pool, event.uuid);
    // Two requests of one event never overlap.
    expect(await claimDueEvents(database.pool, [{ webhookId: 3, room: 1 }], 30)).toEqual([]);
    const changed = await recordAttempts(database.pool, [
      { event, outcome: answered(200, 'ok', now), next: { state: 'delivered' } },
    ]);
    expect(changed).toEqual(new Map([[event.id, 'resend']]));
    const [resent] = await claimDueEvents(database.pool, [{ webhookId: 3, room: 1 }], 30);
    expect(resent).toMatchObject({ id: event.id, cause: 'resend', attempts: 1 });
    await recordAttempts(database.pool, [
      { event: resent!, outcome: answered(200, 'ok', now), next: { state: 'delivered' } },
    ]);
    expect(await eventRow(event)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect((await attemptRows(event)).map(({ number }) => number)).toEqual([1, 2]);
  });

  it('leaves the state to a resend that commits while the record waits for it', async () => {
    const event = await leasedEvent(database.pool, { webhookId: 4 });
    const resending = await database.pool.connect();
    await resending.query('BEGIN');
    await resending.query('UPDATE webhook_event SET next_attempt_at = now() WHERE id = $1', [event.id]);
    const recording = recordAttempts(database.pool, [
      { event, outcome: answered(200, 'ok', now), next: { state: 'delivered' } },
    ]);
    for (let waiting = 0; waiting === 0;) {
      const { rowCount } = await resending.query(`SELECT FROM pg_locks WHERE NOT granted`);
      waiting = rowCount ?? 0;
    }
    await resending.query('COMMIT');
    resending.release();
    expect((await recording).size).toBe(0);
    expect(await eventRow(event)).toMatchObject({ state: 'pending' });
  });

  it('records many mixed outcomes in one call', async () => {
    const events: DispatchedEvent[] = [];
    for (let index = 0; index < 60; index += 1) {
      events.push(await leasedEvent(database.pool, { webhookId: 100 + index }));
    }
    const nextAttemptAt = addSeconds(now, 60);
    const kinds = [
      { outcome: answered(200, '', now), next: { state: 'delivered' } },
      {
        outcome: answered(500, '"quoted", {NULL} \\ \u0000', now),
        next: { state: 'retrying', nextAttemptAt },
      },
      { outcome: timedOut(now), next: { state: 'exhausted' } },
      { outcome: answered(410, 'gone', now), next: { state: 'cancelled', disableWebhook: '410' } },
      { outcome: answered(302, 'lost lease', now), next: { state: 'exhausted' } },
    ] as const;
    const records = events.map((event, index) => {
      const { outcome, next } = kinds[index % 5]!;
      return { event: index % 5 === 4 ? { ...event, lease: event.lease + 1 } : event, outcome, next };
    });
    const changed = await recordAttempts(database.pool, records);
    expect([...changed.keys()].sort()).toEqual(
      events
        .filter((_, index) => index % 5 !== 4)
        .map(({ id }) => id)
        .sort(),
    );

    const expected = [
      { state: 'delivered', next_attempt_at: null, response_content: Buffer.alloc(0), last_error: null },
      {
        state: 'retrying',
        next_attempt_at: nextAttemptAt,
        response_content: Buffer.from('"quoted", {NULL} \\ \u0000'),
        last_error: 'The target answered 500.',
      },
      { state: 'exhausted', next_attempt_at: null, response_http_status: 500, response_content: null },
      { state: 'cancelled', next_attempt_at: null, last_error: 'The target answered 410.' },
      { state: 'pending', attempts: 0, last_error: null },
    ];
    for (const [index, event] of events.entries()) {
      expect(await eventRow(event)).toMatchObject(expected[index % 5]!);
      expect(await attemptRows(event)).toHaveLength(1);
    }
  });

  it('does nothing with nothing', async () => {
    expect(await recordAttempts(database.pool, [])).toEqual(new Map());
  });
});
