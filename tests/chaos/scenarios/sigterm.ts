import { pause } from '@oms-webhooks/lifecycle';
import { requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

const LENGTH_MS = 20_000;
const EVENTS = 2_000;
/** What the end of a dispatcher may cost an event, ms. */
const DELAY_LIMIT_MS = 3_500;

/** A dispatcher is asked to end under load, and comes back: nothing comes twice, nothing comes much later. */
export const sigterm: Scenario = {
  receivers: STEADY,
  async run(rig, { say, signal }) {
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    for (const dispatcher of rig.machine.dispatchers) {
      await pause(LENGTH_MS / 4, signal);
      const askedAt = Date.now();
      await dispatcher.end();
      say(`${dispatcher.name} has ended, ${Date.now() - askedAt} ms after SIGTERM; ${rig.progress()}`);
      await pause(2_000, signal);
      await dispatcher.start();
    }
    await publishing;
    const verdict = await rig.conclude(EVENTS, [], SETTLE_LIMIT_MS);
    return requiring(verdict, {
      'nothing was sent twice': verdict.duplicates.length === 0,
      [`nothing came later than ${DELAY_LIMIT_MS} ms`]:
        (verdict.calmLatencyMs.max ?? Infinity) < DELAY_LIMIT_MS,
    });
  },
};
