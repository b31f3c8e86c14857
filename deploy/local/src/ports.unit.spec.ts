import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree, rememberedPort } from './ports.ts';

const listen = (port: number) =>
  new Promise<Server>((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
const close = (server: Server) => new Promise((resolve) => server.close(resolve));

describe('a remembered port', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stays the same while it is free, and becomes another when it is taken', async () => {
    const port = await rememberedPort(folder, 'postgres');
    expect(await rememberedPort(folder, 'postgres')).toBe(port);
    const other = await listen(port);
    expect(await isFree(port)).toBe(false);
    expect(await rememberedPort(folder, 'postgres')).not.toBe(port);
    await close(other);
  });

  it('is kept beside the others', async () => {
    const port = await rememberedPort(folder, 'postgres');
    await rememberedPort(folder, 'receiver');
    expect(await rememberedPort(folder, 'postgres')).toBe(port);
  });
});
