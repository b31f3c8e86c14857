import { startKafka } from './kafka-broker.ts';
import { startPostgres } from './postgres-server.ts';

declare global {
  /** Set while the environment is up: two tiers share it and each names it in its Jest project. */
  var stopEnvironment: (() => Promise<void>) | undefined;
}

/**
 * Jest's global set-up for every tier that needs real servers. Exports `KAFKA_BROKERS` and `TEST_DATABASE_URL` to the
 * workers. Without a server the run fails here, in words: nothing is skipped.
 */
export default async function start(): Promise<void> {
  if (globalThis.stopEnvironment) return;
  const given = {
    KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
    TEST_DATABASE_URL: process.env['TEST_DATABASE_URL'],
  };
  const [kafka, postgres] = await Promise.allSettled([startKafka(), startPostgres()]);
  globalThis.stopEnvironment = async () => {
    const started = [kafka, postgres].flatMap((server) =>
      server.status === 'fulfilled' ? [server.value] : [],
    );
    await Promise.all(started.map((server) => server.stop()));
    // In watch mode the next run must not take the stopped servers for given ones.
    for (const [name, value] of Object.entries(given)) if (value === undefined) delete process.env[name];
  };
  if (kafka.status === 'rejected' || postgres.status === 'rejected') {
    await globalThis.stopEnvironment();
    const faults = [kafka, postgres].flatMap((server) =>
      server.status === 'rejected' ? [server.reason as Error] : [],
    );
    throw new AggregateError(faults, faults.map(({ message }) => message).join('\n'));
  }
  process.env['KAFKA_BROKERS'] = kafka.value.brokers;
  process.env['TEST_DATABASE_URL'] = postgres.value.adminUrl;
}
