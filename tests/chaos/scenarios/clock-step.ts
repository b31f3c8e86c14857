import { pause } from '@oms-webhooks/lifecycle';
import type { Arrival } from '../load/receivers.ts';
import { nothingTwice, PATIENT, requiring, SETTLE_LIMIT_MS, type Scenario } from './scenario.ts';

const HOUR = 3_600;
/** Between steps: longer than a member is waited for that has stopped its heartbeats (10 s). */
const STEP_MS = 25_000;
const STEPS = 2;
const RATE = 30;
/** Retries wait one second (`registerWebhooks`); receivers and dispatchers note their instants a moment apart, ms. */
const EARLIEST_RETRY_MS = 900;
/** A group that is divided anew, and a machine that has other things to do, ms. */
const LATEST_MS = 15_000;

/** The shortest time from the end of one request of an event to the beginning of its next. */
function shortestWait(arrivals: Arrival[]): number {
  const endedAt = new Map<string, number>();
  let shortest = Infinity;
  for (const arrival of [...arrivals].sort((one, other) => one.startedAt - other.startedAt)) {
    shortest = Math.min(shortest, arrival.startedAt - (endedAt.get(arrival.uuid) ?? -Infinity));
    endedAt.set(arrival.uuid, arrival.endedAt ?? arrival.startedAt);
  }
  return shortest;
}

/** The dispatchers' wall clocks step by an hour, one forwards, one backwards, and back: nobody notices. */
export const clockStep: Scenario = {
  receivers: ['steady 1', 'steady 2', 'flaky', 'ordered'],
  machine: {
    clockSteps: { 'dispatcher 1': [HOUR, 0], 'dispatcher 2': [-HOUR, 0] },
    environment: PATIENT,
  },
  async run(rig, { say, signal }) {
    const lengthMs = STEP_MS * (STEPS + 1);
    const events = (lengthMs / 1_000) * RATE;
    const publishing = rig.publish({ events, lengthMs });
    let firstStepAt = Infinity;
    for (let step = 0; step < STEPS; step += 1) {
      await pause(STEP_MS, signal);
      firstStepAt = Math.min(firstStepAt, Date.now());
      for (const dispatcher of rig.machine.dispatchers) dispatcher.stepClock();
      say(`the clocks of both dispatchers step; ${rig.progress()}`);
    }
    await publishing;
    const verdict = await rig.conclude(events, [], SETTLE_LIMIT_MS);
    const shortest = shortestWait(rig.receivers.arrivals);
    say(`the shortest wait before a retry was ${shortest} ms`);
    const latest = Math.max(
      0,
      ...verdict.slowest.filter(({ sentAt }) => sentAt > firstStepAt).map(({ tookMs }) => tookMs),
    );
    say(`the slowest event after the first step took ${latest} ms`);
    return requiring(verdict, {
      ...nothingTwice(verdict),
      'no retry came early': shortest >= EARLIEST_RETRY_MS,
      [`nothing came later than ${LATEST_MS} ms`]: latest < LATEST_MS,
    });
  },
};
