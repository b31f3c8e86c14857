import { dispatcherCrash } from './dispatcher-crash.ts';
import { kafkaAway } from './kafka-away.ts';
import { poisonedMessage } from './poisoned-message.ts';
import { postgresAway } from './postgres-away.ts';
import { rebalance } from './rebalance.ts';
import { sigterm } from './sigterm.ts';
import type { Scenario } from './scenario.ts';

/** By the name that `--scenario` takes. */
export const scenarios: Record<string, Scenario> = {
  'postgres-away': postgresAway,
  'kafka-away': kafkaAway,
  'dispatcher-crash': dispatcherCrash,
  'poisoned-message': poisonedMessage,
  rebalance,
  sigterm,
};
