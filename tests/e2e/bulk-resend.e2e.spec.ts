import { eventually, respond, startTarget } from '../environment/target.ts';
import { startSystem } from './system.ts';

const RESEND_EVENTS = '/api/v1/oms/oms_hook_events/resend-events/';
const EVENTS = 40;

describe('A bulk resend', () => {
  it('goes on where it was after a kill -9 of the ingest API, and resends each event once', async () => {
    // Refused, not down: no circuit opens.
    const target = await startTarget(respond(400));
    const system = await startSystem({
      environment: { DELIVERY_MAX_ATTEMPTS: '1', DELIVERY_RECOVERY_ATTEMPTS: '0' },
    });
    try {
      const { id } = await system.api.createHook(target.url, { config: { recover_hours: 0 } });
      for (let pk = 1; pk <= EVENTS; pk += 1) await system.api.publish(id, { pk, data: {} });
      const exhausted = { webhook: id, state: 'exhausted' };
      await eventually(
        async () => {
          const { json } = await system.api.post(RESEND_EVENTS, { ...exhausted, dry_run: true });
          return (json as { count: number }).count === EVENTS;
        },
        { withinMs: 60_000, what: 'every event being exhausted' },
      );
      target.answer(respond(200));
      const { task } = (await system.api.post(RESEND_EVENTS, { ...exhausted, rate: 8 })).json as {
        task: number;
      };
      const progress = async () =>
        (await system.api.get(`/api/v1/oms/tasks/${task}/`)).json as { state: string; done: number };
      await eventually(async () => (await progress()).done >= 8, { what: 'being in mid-task' });
      await system.ingestApi.kill();
      await system.ingestApi.start();
      expect((await progress()).state).toBe('WORKING');
      await eventually(async () => (await progress()).state === 'FINISHED', {
        withinMs: 60_000,
        what: 'the task finishing',
      });
      expect(await progress()).toMatchObject({ total: EVENTS, done: EVENTS, failed: 0 });

      const attempts = async () => {
        const { rows } = await system.database.pool.query<{ causes: string[]; delivered: boolean }>(
          `SELECT array_agg(a.cause ORDER BY a.number) AS causes, e.state = 'delivered' AS delivered
             FROM webhook_event e JOIN delivery_attempt a ON a.event_id = e.id GROUP BY e.id, e.state`,
        );
        return rows;
      };
      await eventually(async () => (await attempts()).every(({ delivered }) => delivered), {
        withinMs: 60_000,
        what: 'every event being delivered',
      });
      expect(await attempts()).toEqual(
        Array.from({ length: EVENTS }, () => ({ causes: ['countdown', 'resend'], delivered: true })),
      );
    } finally {
      await system.close();
      await target.close();
    }
  }, 240_000);
});
