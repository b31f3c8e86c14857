import { Initial1763700000000 } from './0001-initial.ts';
import { SecretsAuditTests1763800000000 } from './0002-secrets-audit-tests.ts';
import { WebhookHealth1763880000000 } from './0003-webhook-health.ts';
import { OrderedDelivery1763900000000 } from './0004-ordered-delivery.ts';
import { OneRequestAtATime1763950000000 } from './0005-one-request-at-a-time.ts';
import { DomainEvents1764000000000 } from './0006-domain-events.ts';
import { PublisherRegistry1764100000000 } from './0007-publisher-registry.ts';
import { SetupTask1764200000000 } from './0008-setup-task.ts';
import { ResendTask1764300000000 } from './0009-resend-task.ts';
import { ModifiedEvents1764310000000 } from './0010-modified-events.ts';
import { ListIndexes1764320000000 } from './0011-list-indexes.ts';

/** In the order in which they run. */
export const migrations = [
  Initial1763700000000,
  SecretsAuditTests1763800000000,
  WebhookHealth1763880000000,
  OrderedDelivery1763900000000,
  OneRequestAtATime1763950000000,
  DomainEvents1764000000000,
  PublisherRegistry1764100000000,
  SetupTask1764200000000,
  ResendTask1764300000000,
  ModifiedEvents1764310000000,
  ListIndexes1764320000000,
];
