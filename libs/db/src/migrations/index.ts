import { Initial1763700000000 } from './0001-initial.ts';
import { SecretsAuditTests1763800000000 } from './0002-secrets-audit-tests.ts';
import { WebhookHealth1763880000000 } from './0003-webhook-health.ts';
import { OrderedDelivery1763900000000 } from './0004-ordered-delivery.ts';
import { OneRequestAtATime1763950000000 } from './0005-one-request-at-a-time.ts';

/** In the order in which they run. */
export const migrations = [
  Initial1763700000000,
  SecretsAuditTests1763800000000,
  WebhookHealth1763880000000,
  OrderedDelivery1763900000000,
  OneRequestAtATime1763950000000,
];
