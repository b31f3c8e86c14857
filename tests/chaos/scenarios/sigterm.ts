import { pause } from '@oms-webhooks/lifecycle';
import type { Rig } from '../rig.ts';
import type { Fault } from '../machine/inflict.ts';
import { spread } from '../verdict/figures.ts';
import { nothingTwice, PATIENT, requiring, SETTLE_LIMIT_MS, STEADY, type Scenario } from './scenario.ts';

/** Groups of Kafka form in the first seconds, ms. */
const WARM_UP_MS = 5_000;
const LENGTH_MS = 36_000;
const EVENTS = 1_800;
/** What the end of a dispatcher may cost an event, ms. */
const DELAY_LIMIT_MS = 1_000;
/** How long after SIGTERM its effects are looked for, ms. */
const EFFECTS_MS = 4_000;
/** A word from dispatcher to ingest API takes this long at most, ms. */
const WORD_MS = 200;

/** Events for which it is certain that only the stopped dispatcher can have delayed them. */
type Chosen = { from: number; to: number };

/** The slowest of those published in between, beyond what is usual on this machine: the 99th percentile elsewhere. */
function delayOf(rig: Rig, chosen: Chosen[], usual: Chosen): number {
  const arrivedAt = new Map<string, number>();
  for (const { uuid, startedAt, delivered } of rig.receivers.arrivals)
    if (delivered && !arrivedAt.has(uuid)) arrivedAt.set(uuid, startedAt);
  const tookMs = ({ from, to }: Chosen) =>
    rig.ledger.acknowledged
      .filter(({ sentAt }) => sentAt >= from && sentAt < to)
      .map(({ uuid, sentAt }) => (arrivedAt.get(uuid) ?? Infinity) - sentAt);
  const slowest = Math.max(0, ...chosen.flatMap(tookMs));
  return slowest - (spread(tookMs(usual)).p99 ?? 0);
}

/** Dispatchers are asked to end under load, one after the other, and come back: nothing comes twice, or much later. */
export const sigterm: Scenario = {
  receivers: STEADY,
  machine: { environment: PATIENT },
  async run(rig, { say, signal }) {
    const startedAt = Date.now();
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    const chosen: Chosen[] = [];
    for (const dispatcher of rig.machine.dispatchers) {
      await pause(LENGTH_MS / 3, signal);
      const askedAt = Date.now();
      await dispatcher.end();
      say(`${dispatcher.name} has ended, ${Date.now() - askedAt} ms after SIGTERM; ${rig.progress()}`);
      chosen.push({ from: askedAt - EFFECTS_MS / 2, to: askedAt + EFFECTS_MS });
      await pause(EFFECTS_MS, signal);
      await dispatcher.start();
    }
    await publishing;
    const verdict = await rig.conclude(EVENTS, [], SETTLE_LIMIT_MS);
    const delay = delayOf(rig, chosen, { from: startedAt + WARM_UP_MS, to: chosen[0]!.from });
    say(`the slowest event around a SIGTERM took ${delay} ms longer than the 99th percentile before`);
    return requiring(verdict, {
      ...nothingTwice(verdict),
      [`a SIGTERM delayed nothing by more than ${DELAY_LIMIT_MS} ms`]: delay <= DELAY_LIMIT_MS,
    });
  },
};

/** The same right after another one was killed: the group waits for the dead one, fresh events do not. */
export const sigtermBesideKilled: Scenario = {
  receivers: STEADY,
  machine: { environment: PATIENT },
  async run(rig, { say, signal }) {
    const third = await rig.machine.anotherDispatcher();
    await third.start();
    await third.ready();
    await pause(EFFECTS_MS, signal); // The group has been divided anew, and the ingest APIs use Kafka again.
    const startedAt = Date.now();
    const publishing = rig.publish({ events: EVENTS, lengthMs: LENGTH_MS });
    await pause(LENGTH_MS / 3, signal);
    const [dispatcher] = rig.machine.dispatchers;
    const fault: Fault = { victim: 'dispatcher 2', kind: 'kill', at: Date.now(), until: Infinity };
    await rig.machine.dispatchers[1].kill();
    const askedAt = Date.now();
    await dispatcher.end();
    say(`${dispatcher.name} has ended, ${Date.now() - askedAt} ms after SIGTERM; ${rig.progress()}`);
    await publishing;
    fault.until = Date.now();
    const verdict = await rig.conclude(EVENTS, [fault], SETTLE_LIMIT_MS);
    const chosen = { from: askedAt + WORD_MS, to: askedAt + LENGTH_MS };
    const delay = delayOf(rig, [chosen], { from: startedAt, to: fault.at - EFFECTS_MS / 2 });
    say(`the slowest event after it took ${delay} ms longer than the 99th percentile before`);
    return requiring(verdict, {
      [`it delayed no event published after it by more than ${DELAY_LIMIT_MS} ms`]: delay <= DELAY_LIMIT_MS,
    });
  },
};
