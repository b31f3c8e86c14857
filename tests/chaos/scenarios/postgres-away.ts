import { pause } from '@oms-webhooks/lifecycle';
import { ALL_SORTS } from '../load/traffic.ts';
import { keepAway, nothingTwice, requiring, SETTLE_LIMIT_MS, type Scenario } from './scenario.ts';

const BEFORE_MS = 5_000;
const RATE = 40;

/** PostgreSQL is killed and stays away: 503 with Retry-After, nothing taken, and everything goes on when it is back. */
export const postgresAway: Scenario = {
  receivers: ALL_SORTS,
  async run(rig, { awaySeconds, say, signal }) {
    const lengthMs = BEFORE_MS * 2 + awaySeconds * 1_000;
    const events = (lengthMs / 1_000) * RATE;
    const publishing = rig.publish({ events, lengthMs });
    await pause(BEFORE_MS, signal);
    const { ledger, machine } = rig;
    let taken = 0;
    let refused = 0;
    const fault = await keepAway(machine.victims.PostgreSQL, async () => {
      await pause(500, signal); // Answers that were on their way when it died.
      [taken, refused] = [ledger.byKey.size, ledger.answers.get('503') ?? 0];
      say(`PostgreSQL is away for ${awaySeconds} s; ${rig.progress()}`);
      await pause(awaySeconds * 1_000, signal);
      taken = ledger.byKey.size - taken;
      refused = (ledger.answers.get('503') ?? 0) - refused;
    });
    say(`PostgreSQL is back; meanwhile ${taken} answers 202 and ${refused} answers 503; ${rig.progress()}`);
    await publishing;
    const firstAgain = Math.min(
      ...ledger.acknowledged
        .map(({ acknowledgedAt }) => acknowledgedAt)
        .filter((at) => at > fault.until - 500),
    );
    say(`the first 202 came ${firstAgain - fault.until} ms after PostgreSQL was ready`);
    const verdict = await rig.conclude(events, [fault], SETTLE_LIMIT_MS);
    return requiring(verdict, {
      'nothing was taken meanwhile': taken === 0,
      'publishers were answered 503': refused > 0,
      'no service was started again': [...machine.ingestApis, ...machine.dispatchers].every(
        ({ starts }) => starts === 1,
      ),
      ...nothingTwice(verdict),
    });
  },
};
