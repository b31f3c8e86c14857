import { pause } from '@oms-webhooks/lifecycle';
import { requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

const EVENTS = 2_400;
const LENGTH_MS = 25_000;
/** Longer than the group waits for a silent member (10 s), shorter than the leases of what it holds (22 s). */
const FROZEN_MS = 14_000;
/** Requests in flight at the slow receiver, by default, and a few at the others. */
const MOST_IN_FLIGHT = 32 + 8;

/**
 * A dispatcher with a long queue stands still until its partitions are another's, and goes on while it still believes
 * in its leases: what was in flight may come twice, what was queued must not.
 */
export const dispatcherFrozen: Scenario = {
  receivers: [...STEADY, 'slow'],
  async run(rig, { say, signal }) {
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    await pause(LENGTH_MS / 3, signal);
    const victim = rig.machine.victims['dispatcher 1'];
    const at = Date.now();
    await victim.freeze();
    say(`dispatcher 1 is frozen for ${FROZEN_MS / 1_000} s; ${rig.progress()}`);
    await pause(FROZEN_MS, signal);
    victim.thaw();
    const until = Date.now();
    say(`dispatcher 1 goes on; ${rig.progress()}`);
    await publishing;
    const fault = { victim: 'dispatcher 1', kind: 'freeze', at, until } as const;
    const verdict = await rig.conclude(EVENTS, [fault], SETTLE_LIMIT_MS);
    return requiring(verdict, {
      [`no more came twice for it than was in flight (${MOST_IN_FLIGHT} at most)`]:
        verdict.duplicated.frozen <= MOST_IN_FLIGHT,
    });
  },
};
