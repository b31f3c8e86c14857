import { pause } from '@oms-webhooks/lifecycle';
import { nothingTwice, requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

const ROUNDS = 3;
const STAY_MS = 5_000;
const EVENTS = 3_000;

/** A third dispatcher joins and leaves, over and over, under load: nothing comes twice. */
export const rebalance: Scenario = {
  receivers: [...STEADY, 'ordered'],
  async run(rig, { say, signal }) {
    const publishing = rig.publish({ events: EVENTS, lengthMs: ROUNDS * STAY_MS * 2 });
    const third = await rig.machine.anotherDispatcher();
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(STAY_MS, signal);
      await third.start();
      say(`a third dispatcher joins; ${rig.progress()}`);
      await third.ready();
      await pause(STAY_MS, signal);
      await third.end();
      say(`it has left; ${rig.progress()}`);
    }
    await publishing;
    const verdict = await rig.conclude(EVENTS, [], SETTLE_LIMIT_MS);
    return requiring(verdict, {
      ...nothingTwice(verdict),
      'nothing waited for a lease to run out': (verdict.calmLatencyMs.max ?? Infinity) < 10_000,
    });
  },
};
