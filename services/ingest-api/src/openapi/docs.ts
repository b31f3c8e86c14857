import type { ContentTypes } from '@oms-webhooks/config';
import { tokensDocs } from '../accounts/tokens-docs.ts';
import { auditDocs } from '../audit/audit-docs.ts';
import { domainEventsDocs } from '../domain-events/domain-events-docs.ts';
import { eventTypesDocs } from '../event-types/event-types-docs.ts';
import { probesDocs } from '../probes-docs.ts';
import { appDocs } from '../publisher-registry/app-docs.ts';
import { eventDocs } from '../publisher-registry/event-docs.ts';
import { subscriptionDocs } from '../publisher-registry/subscription-docs.ts';
import { resendTasksDocs } from '../resend-tasks/resend-tasks-docs.ts';
import { setupDocs } from '../setup/setup-docs.ts';
import { webhookEventsDocs } from '../webhook-events/webhook-events-docs.ts';
import { webhooksDocs } from '../webhooks/webhooks-docs.ts';
import type { Docs } from './call-doc.ts';

/** What every folder says of its calls, in the order in which they are shown. */
export const docs = ({ contentTypes }: { contentTypes: ContentTypes }): Docs[] => [
  domainEventsDocs(contentTypes),
  webhookEventsDocs(contentTypes),
  resendTasksDocs(contentTypes),
  webhooksDocs,
  eventTypesDocs,
  setupDocs,
  tokensDocs,
  auditDocs,
  appDocs,
  eventDocs,
  subscriptionDocs,
  probesDocs,
];
