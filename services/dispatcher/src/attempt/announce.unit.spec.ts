import { BusUnavailableError, type OutgoingRecord } from '@oms-webhooks/bus';
import type { DispatchedEvent, Outcome } from '@oms-webhooks/domain';
import fc from 'fast-check';
import { eventually } from '../../../../tests/environment/target.ts';
import { kafkaAnnouncer } from './announce.ts';
import { attemptMessage } from './attempt-message.ts';

const event = {
  id: 7,
  createdDate: 1697105255200005,
  uuid: 'd2a839f0-09cc-4755-a731-081d4cc1330a',
  webhookId: 3,
  eventType: 'package.created',
  contentType: 4,
  objectId: '8812',
  payload: '{"secret":"of the payload"}',
  attempts: 1,
  cause: 'resend',
  lease: 1697105255200005,
  traceparent: null,
  ordered: false,
} as DispatchedEvent;
const refused: Outcome = {
  kind: 'answered',
  status: 503,
  headers: { 'set-cookie': 'secret of the answer' },
  content: Buffer.from('secret of the answer'),
  startedAt: 1697105255200005,
  durationMs: 12.4,
};
const timedOut: Outcome = {
  kind: 'failed',
  failure: 'timeout',
  error: 'x'.repeat(5000),
  startedAt: 1697105255200005,
  durationMs: 10_000,
};

describe('The message of an attempt', () => {
  it('says in the words of the API what was sent and what follows, and nothing of what was in it', () => {
    const message = attemptMessage(event, refused, { state: 'retrying', nextAttemptAt: 1697105257200005 });
    expect(JSON.parse(message)).toEqual({
      event: 'd2a839f0-09cc-4755-a731-081d4cc1330a',
      webhook: 3,
      event_type: 'package.created',
      object_id: 8812,
      content_type: 4,
      number: 2,
      cause: 'resend',
      request_datetime: '2023-10-12T10:07:35.200005Z',
      duration_ms: 12,
      response_http_status: 503,
      error_kind: null,
      error: 'The target answered 503.',
      state: 'retrying',
      next_attempt_at: '2023-10-12T10:07:37.200005Z',
    });
    expect(message).not.toContain('secret');
  });

  it('has no state when the lease was lost, and a bounded error', () => {
    const message = JSON.parse(attemptMessage(event, timedOut, undefined));
    expect(message).toMatchObject({ error_kind: 'timeout', state: null, next_attempt_at: null });
    expect(message.error).toHaveLength(1000);
  });

  it('is JSON whatever the event is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (eventType, objectId) => {
        const message = JSON.parse(attemptMessage({ ...event, eventType, objectId }, refused, undefined));
        expect(message.event_type).toBe(eventType);
        expect(String(message.object_id)).toBe(objectId);
      }),
    );
  });
});

describe('Announcing attempts', () => {
  let isAway: boolean;
  let sent: OutgoingRecord[];
  let warnings: { message: string; attempts?: unknown }[];
  const bus = {
    async send(_: string, records: readonly OutgoingRecord[]) {
      await Promise.resolve();
      if (isAway) throw new BusUnavailableError('away');
      sent.push(...records);
    },
  };
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (message: string, fields: Record<string, unknown> = {}) =>
      void warnings.push({ message, ...fields }),
  };
  const announceTimes = (announcer: ReturnType<typeof kafkaAnnouncer>, times: number) => {
    for (let attempts = 0; attempts < times; attempts += 1)
      announcer.announce({ ...event, attempts }, refused, undefined);
  };
  const numbers = () => sent.map(({ value }) => Number(JSON.parse(String(value)).number));
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  beforeEach(() => {
    isAway = false;
    sent = [];
    warnings = [];
  });

  it('sends all of them, in order, by the key of the event', async () => {
    const announcer = kafkaAnnouncer({ bus, log });
    announceTimes(announcer, 2500);
    await eventually(() => sent.length === 2500, { what: 'all being sent' });
    expect(numbers()).toEqual(upTo(2500));
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set([event.uuid]));
    await announcer.close();
    expect(warnings).toEqual([]);
  });

  it('keeps so many while Kafka is away, and tells once of the outage and once of what it dropped', async () => {
    isAway = true;
    const metrics = { announced: jest.fn(), notAnnounced: jest.fn() };
    const announcer = kafkaAnnouncer({ bus, metrics, log, keptRecords: 10 });
    announceTimes(announcer, 25);
    expect(announcer.waiting).toBe(10);
    expect(metrics.notAnnounced).toHaveBeenCalledTimes(15);
    await eventually(() => warnings.length === 1, { what: 'a failed send' });
    isAway = false;
    await eventually(() => sent.length === 10, { what: 'what was kept being sent' });
    expect(numbers()).toEqual(upTo(10));
    expect(metrics.announced.mock.calls).toEqual([[10]]);
    expect(announcer.waiting).toBe(0);
    expect(warnings.map(({ message, attempts }) => [message, attempts])).toEqual([
      ['attempts cannot be announced; some are kept, and tried again', undefined],
      ['attempts were not announced; PostgreSQL has them', 15],
    ]);
    announceTimes(announcer, 1);
    await eventually(() => sent.length === 11, { what: 'announcing going on' });
    await announcer.close();
  });

  it('sends what is left when it is closed', async () => {
    const announcer = kafkaAnnouncer({ bus, log });
    announceTimes(announcer, 3);
    await announcer.close();
    expect(sent).toHaveLength(3);
  });

  it('closes without a broker, and says what was not announced', async () => {
    isAway = true;
    const announcer = kafkaAnnouncer({ bus, log });
    announceTimes(announcer, 3);
    await announcer.close();
    expect(warnings.at(-1)).toEqual({
      message: 'attempts were not announced; PostgreSQL has them',
      attempts: 3,
    });
  });
});
