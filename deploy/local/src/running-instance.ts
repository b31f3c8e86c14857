import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Life } from '@oms-webhooks/lifecycle';

/** What a running system tells the other verbs about itself. */
export interface Instance {
  pid: number;
  databaseUrl?: string;
}

/** The running system that answers at this socket, or undefined. */
export async function askRunning(socketPath: string): Promise<Instance | undefined> {
  try {
    return JSON.parse(await text(connect(socketPath))) as Instance;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the one that runs here, until the end of `life`, and answers who asks with the returned object, which
 * the caller completes. A socket is a lock that a hard kill releases, and that
 * no reused pid can fake. The path is relative to the project, since the name of a socket may have only 107 bytes.
 */
export async function becomeTheRunning(socketPath: string, life: Life): Promise<Instance> {
  const other = await askRunning(socketPath);
  if (other) throw new Error(`it runs already here (pid ${other.pid}): stop that one first, with Ctrl-C`);
  mkdirSync(dirname(socketPath), { recursive: true });
  rmSync(socketPath, { force: true });
  const instance: Instance = { pid: process.pid };
  const server = createServer((asking) => {
    asking.on('error', () => undefined);
    asking.end(JSON.stringify(instance));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  life.onClose('lock', () => new Promise((resolve) => server.close(() => resolve())));
  return instance;
}
