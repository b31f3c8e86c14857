import { pause } from '@oms-webhooks/lifecycle';
import { ALL_SORTS } from '../load/traffic.ts';
import { spread } from '../verdict/figures.ts';
import { keepAway, nothingTwice, requiring, SETTLE_LIMIT_MS, type Scenario } from './scenario.ts';

const BEFORE_MS = 5_000;
const RATE = 40;
/** After this every service has noticed, ms. */
const NOTICED_MS = 10_000;
/** The slowest way of an event through PostgreSQL alone, ms. */
const ARRIVAL_LIMIT_MS = 5_000;

/** Kafka is killed and stays away: events are taken and delivered all the same, and nothing comes twice when it is back. */
export const kafkaAway: Scenario = {
  receivers: ALL_SORTS,
  async run(rig, { awaySeconds, say, signal }) {
    const lengthMs = BEFORE_MS * 2 + awaySeconds * 1_000;
    const events = (lengthMs / 1_000) * RATE;
    const publishing = rig.publish({ events, lengthMs });
    await pause(BEFORE_MS, signal);
    const fault = await keepAway(rig.machine.victims.Kafka, async () => {
      say(`Kafka is away for ${awaySeconds} s; ${rig.progress()}`);
      await pause(awaySeconds * 1_000, signal);
    });
    say(`Kafka is back; ${rig.progress()}`);
    await publishing;
    const verdict = await rig.conclude(events, [fault], SETTLE_LIMIT_MS);

    const arrivedAt = new Map<string, number>();
    for (const { uuid, startedAt, delivered } of rig.receivers.arrivals)
      if (delivered && !arrivedAt.has(uuid)) arrivedAt.set(uuid, startedAt);
    const meanwhile = rig.ledger.acknowledged
      .filter(({ receiver }) => receiver.startsWith('steady'))
      .filter(({ sentAt }) => sentAt > fault.at + NOTICED_MS && sentAt < fault.until)
      .map(({ uuid, sentAt }) => (arrivedAt.get(uuid) ?? Infinity) - sentAt);
    const { count, p50, p99, max } = spread(meanwhile);
    say(`publish → arrival without Kafka: ${p50} / ${p99} / ${max} ms (p50 / p99 / max of ${count})`);
    return requiring(verdict, {
      'events were delivered without Kafka': count > 0 && (max ?? Infinity) < ARRIVAL_LIMIT_MS,
      'publishers were answered 202 only': Object.keys(verdict.answers).join() === '202',
      ...nothingTwice(verdict),
    });
  },
};
