import { clockStep } from './clock-step.ts';
import { diskFull } from './disk-full.ts';
import { dispatcherCrash } from './dispatcher-crash.ts';
import { dispatcherFrozen } from './dispatcher-frozen.ts';
import { kafkaAway } from './kafka-away.ts';
import { poisonedMessage } from './poisoned-message.ts';
import { postgresAway } from './postgres-away.ts';
import { rebalance } from './rebalance.ts';
import { sigterm, sigtermBesideKilled } from './sigterm.ts';
import type { Scenario } from './scenario.ts';

/** By the name that `--scenario` takes. */
export const scenarios: Record<string, Scenario> = {
  'postgres-away': postgresAway,
  'kafka-away': kafkaAway,
  'disk-full': diskFull,
  'clock-step': clockStep,
  'dispatcher-crash': dispatcherCrash,
  'dispatcher-frozen': dispatcherFrozen,
  'poisoned-message': poisonedMessage,
  rebalance,
  sigterm,
  'sigterm-beside-killed': sigtermBesideKilled,
};
