import { settingsOrExit, variables } from '@oms-webhooks/config';
import { isDatabaseAway, isTransient, migrate } from '@oms-webhooks/db';
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
        if (isDatabaseAway(error)) return void log.warn('waiting for PostgreSQL', { error });
        // Services of the version before are at work meanwhile: a migration that deadlocks with one is undone as a whole.
        if (!isTransient(error)) throw error;
        log.warn('a migration gave way to the services that run, trying again', { error });
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
