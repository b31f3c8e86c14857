import { serviceVariables, settingsOrExit, variableRules } from '@oms-webhooks/config';

/** What the dispatcher reads from its environment. */
export const declarations = serviceVariables([
  'DISPATCHER_PORT',
  'OMS_API_URL',
  'OMS_API_TOKEN',
  'DELIVERY_RECOVERY_ATTEMPTS',
  'DELIVERY_CONCURRENCY',
  'WEBHOOK_CONCURRENCY',
  'DELIVERY_CA_FILE',
  'DELIVERY_PROXY_URL',
  'RETENTION_DAYS',
]);

/** Every fault at once, then exit 78. */
export const readConfig = () => settingsOrExit(process.env, declarations, variableRules);
export type DispatcherConfig = ReturnType<typeof readConfig>;
