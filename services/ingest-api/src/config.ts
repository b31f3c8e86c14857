import { serviceVariables, settingsOrExit, variableRules } from '@oms-webhooks/config';

/** What the ingest API reads from its environment. */
export const declarations = serviceVariables(['PORT', 'API_TOKEN', 'RATE_LIMIT', 'RESPONSE_CONTENT_FORMAT']);

/** Every fault at once, then exit 78. */
export const readConfig = () => settingsOrExit(process.env, declarations, variableRules);
export type IngestApiConfig = ReturnType<typeof readConfig>;
