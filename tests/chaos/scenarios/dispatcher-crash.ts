import { pause } from '@oms-webhooks/lifecycle';
import { keepAway, requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

const LENGTH_MS = 30_000;
const EVENTS = 1_500;
/**
 * While Kafka takes the dead member to be alive (10 s), its partitions lie still and the group cannot be divided anew;
 * then come a moment for the handover, and whatever the machine needs, ms.
 */
const STALL_LIMIT_MS = 16_000;

/** A dispatcher is killed and started again: no fresh event waits for a lease to run out. */
export const dispatcherCrash: Scenario = {
  receivers: [...STEADY, 'ordered'],
  async run(rig, { say, signal }) {
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    await pause(LENGTH_MS / 4, signal);
    const fault = await keepAway(rig.machine.victims['dispatcher 1'], () => pause(1_000, signal));
    say(`dispatcher 1 was killed, and is started again; ${rig.progress()}`);
    await publishing;
    const verdict = await rig.conclude(EVENTS, [fault], SETTLE_LIMIT_MS);
    const slowestFresh = Math.max(
      0,
      ...verdict.slowest.filter(({ sentAt }) => sentAt > fault.until).map(({ tookMs }) => tookMs),
    );
    say(`the slowest event published after the restart took ${slowestFresh} ms`);
    return requiring(verdict, {
      [`what was published after the restart came within ${STALL_LIMIT_MS} ms`]:
        slowestFresh < STALL_LIMIT_MS,
    });
  },
};
