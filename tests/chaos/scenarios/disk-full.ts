import { openDatabase } from '@oms-webhooks/db';
import { pause } from '@oms-webhooks/lifecycle';
import { ALL_SORTS } from '../load/traffic.ts';
import { nothingTwice, PATIENT, requiring, SETTLE_LIMIT_MS, type Scenario } from './scenario.ts';

const BEFORE_MS = 5_000;
const RATE = 40;
/** What room is left in pages that exist already is used up, ms. */
const LAST_ROOM_MS = 5_000;

/**
 * The disk of the database is full, and has room again: 503 with Retry-After, and everything goes on by itself.
 * PostgreSQL begins a new segment of its log before: with none left to write to it ends, which is `postgres-away`.
 */
export const diskFull: Scenario = {
  receivers: ALL_SORTS,
  machine: { smallDisk: true, environment: PATIENT },
  async run(rig, { awaySeconds, say, signal }) {
    const { ledger, machine } = rig;
    const lengthMs = BEFORE_MS * 2 + LAST_ROOM_MS + awaySeconds * 1_000;
    const events = (lengthMs / 1_000) * RATE;
    const database = await openDatabase({ url: machine.databaseUrl, applicationName: 'chaos', poolSize: 1 });
    const startedAt = async () => {
      const { rows } = await database.pool.query<{ at: string }>(
        'SELECT pg_postmaster_start_time()::text AS at',
      );
      return rows[0]?.at;
    };
    const before = await startedAt();
    const publishing = rig.publish({ events, lengthMs });
    await pause(BEFORE_MS, signal);
    await database.pool.query('SELECT pg_switch_wal()');
    await machine.disk?.fill();
    await pause(LAST_ROOM_MS, signal);
    const [taken, refused] = [ledger.byKey.size, ledger.answers.get('503') ?? 0];
    say(`the disk is full; ${rig.progress()}, ${refused} answers 503`);
    await pause(awaySeconds * 1_000, signal);
    const takenMeanwhile = ledger.byKey.size - taken;
    const refusedMeanwhile = (ledger.answers.get('503') ?? 0) - refused;
    machine.disk?.empty();
    const roomAt = Date.now();
    say(`it has room again; meanwhile ${takenMeanwhile} answers 202 and ${refusedMeanwhile} answers 503`);
    await publishing;
    const firstAgain = Math.min(
      ...ledger.acknowledged.map(({ acknowledgedAt }) => acknowledgedAt).filter((at) => at > roomAt),
    );
    say(`the first 202 came ${firstAgain - roomAt} ms after that`);
    const verdict = await rig.conclude(events, [], SETTLE_LIMIT_MS);
    const after = await startedAt();
    await database.close();
    return requiring(verdict, {
      'publishers were answered 503': refusedMeanwhile > 0,
      'PostgreSQL stayed up': before === after,
      'no service was started again': [...machine.ingestApis, ...machine.dispatchers].every(
        ({ starts }) => starts === 1,
      ),
      ...nothingTwice(verdict),
    });
  },
};
