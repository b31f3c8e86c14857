import { shownSettings } from '@oms-webhooks/config';
import { runProcess } from '@oms-webhooks/lifecycle';
import { createLogger } from '@oms-webhooks/telemetry';
import { startIngestApi } from './app.ts';
import { declarations, readConfig } from './config.ts';

const GRACE_MS = 15_000;

const config = readConfig();
const log = createLogger({ service: 'ingest-api', level: config.LOG_LEVEL });
log.info('settings', { settings: shownSettings(declarations, config) });

await runProcess({
  start: (life) => startIngestApi(config, log, life),
  graceMs: config.STOP_DELAY_MS + GRACE_MS,
  log,
});
