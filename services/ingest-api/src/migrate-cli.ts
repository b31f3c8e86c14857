import { settingsOrExit, variables } from '@oms-webhooks/config';
import { isDatabaseAway, migrate } from '@oms-webhooks/db';
import { pause, runProcess } from '@oms-webhooks/lifecycle';
import { createLogger } from '@oms-webhooks/telemetry';

const AGAIN_MS = 2_000;
const GRACE_MS = 10_000;

/** Brings the schema up to date, once PostgreSQL is there, and ends: what runs before the services in containers. */
const { DATABASE_URL, LOG_LEVEL } = variables;
const settings = settingsOrExit(process.env, { DATABASE_URL, LOG_LEVEL });
const log = createLogger({ service: 'migrate', level: settings.LOG_LEVEL });

await runProcess({
  graceMs: GRACE_MS,
  log,
  async start(life) {
    while (!life.signal.aborted) {
      const done = await migrate(settings.DATABASE_URL).catch((error: unknown) => {
        if (!isDatabaseAway(error)) throw error;
        log.warn('waiting for PostgreSQL', { error });
      });
      if (done) {
        log.info('the database is up to date', { migrations: done });
        life.end(0);
        return;
      }
      await pause(AGAIN_MS, life.signal);
    }
  },
});
