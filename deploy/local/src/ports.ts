import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A port on which something can listen now: the wanted one, if it is free, else any. */
export async function freePort(wanted = 0): Promise<number> {
  return (await listenOnce(wanted)) ?? (await listenOnce(0)) ?? Promise.reject(new Error('no port is free'));
}

/** Whether something can listen on this port now. */
export const isFree = async (port: number): Promise<boolean> => (await listenOnce(port)) !== undefined;

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** A port that stays the same from start to start while it is free, kept in `dataDir/ports.json` under `name`. */
export async function rememberedPort(dataDir: string, name: string): Promise<number> {
  const file = join(dataDir, 'ports.json');
  const known = readKnown(file);
  const port = await freePort(known[name]);
  writeFileSync(file, `${JSON.stringify({ ...known, [name]: port })}\n`);
  return port;
}

function readKnown(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
