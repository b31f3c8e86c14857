import { serviceVariables, settingsOrExit, variableRules } from '@oms-webhooks/config';
import { wantedWebhooksRule } from './setup/wanted-webhooks-rule.ts';

/** What the ingest API reads from its environment. */
export const declarations = serviceVariables([
  'PORT',
  'STOP_DELAY_MS',
  'API_TOKEN',
  'RATE_LIMIT',
  'RESPONSE_CONTENT_FORMAT',
  'EVENT_TYPES',
  'OMS_API_URL',
  'OMNITRON_WEBHOOKS',
  'OMNITRON_URL',
  'OMNITRON_TOKEN',
]);

/** Every fault at once, then exit 78. */
export const readConfig = () =>
  settingsOrExit(process.env, declarations, [...variableRules, wantedWebhooksRule]);
export type IngestApiConfig = ReturnType<typeof readConfig>;
