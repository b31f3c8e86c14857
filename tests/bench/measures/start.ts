import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const folder = mkdtempSync(join(tmpdir(), 'oms-start-'));
  chmodSync(folder, 0o755); // PostgreSQL may have to run as another user.
  try {
    await npmStart(folder);
    return await npmStart(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function npmStart(dataDir: string): Promise<number> {
  const [port, dispatcherPort] = [await quietPort(), await quietPort()];
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      DISPATCHER_PORT: String(dispatcherPort),
    },
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
