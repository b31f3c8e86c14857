import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { quietPort } from '../../chaos/machine/quiet-port.ts';
import type { System } from '../machine/system.ts';

/** Seconds until each service is ready, one after the other, PostgreSQL and Kafka being up. */
export async function measureStart({ ingestApi, dispatcher }: System): Promise<Record<string, number>> {
  const took: Record<string, number> = {};
  for (const service of [ingestApi, dispatcher]) {
    await service.end();
    const startedAt = performance.now();
    await service.start();
    await service.ready();
    took[service.name] = (performance.now() - startedAt) / 1000;
  }
  return took;
}

/** Seconds of `npm start` in this folder until it says that it runs; installed, built and with a database, as after the first time. */
export async function measureNpmStart(): Promise<number> {
  await npmStart();
  return npmStart();
}

async function npmStart(): Promise<number> {
  const ports = { PORT: String(await quietPort()), DISPATCHER_PORT: String(await quietPort()) };
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(npm, 'exit');
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('oms-webhooks is running.')) resolve();
    };
    npm.stdout.on('data', read);
    npm.stderr.on('data', read);
    void ended.then(() => reject(new Error(`npm start ended:\n${printed}`)));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  npm.kill('SIGTERM');
  await ended;
  return seconds;
}
