import { shownSettings } from '@oms-webhooks/config';
import { runProcess } from '@oms-webhooks/lifecycle';
import { createLogger } from '@oms-webhooks/telemetry';
import { startDispatcher } from './app.ts';
import { declarations, readConfig } from './config.ts';

const config = readConfig();
const log = createLogger({ service: 'dispatcher', level: config.LOG_LEVEL });
log.info('settings', { settings: shownSettings(declarations, config) });

await runProcess({
  start: (life) => startDispatcher(config, log, life),
  graceMs: config.DELIVERY_TIMEOUT_MS + 10_000,
  log,
});
