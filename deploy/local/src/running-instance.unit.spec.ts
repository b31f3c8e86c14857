import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closingInReverse, type Life } from '@oms-webhooks/lifecycle';
import { askRunning, becomeTheRunning } from './running-instance.ts';

const log = { info() {}, warn() {}, error() {} };

describe('the running system', () => {
  let folder: string;
  let socketPath: string;
  let closing: ReturnType<typeof closingInReverse>;
  let life: Life;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'running-'));
    socketPath = join(folder, 'run.sock');
    closing = closingInReverse({ log });
    life = { onClose: closing.onClose, signal: new AbortController().signal, end: () => undefined };
  });
  afterEach(async () => {
    await closing.closeAll();
    rmSync(folder, { recursive: true });
  });

  it('tells the others where its database is, once it knows', async () => {
    const instance = await becomeTheRunning(socketPath, life);
    expect(await askRunning(socketPath)).toEqual({ pid: process.pid });
    instance.databaseUrl = 'postgres://here';
    expect(await askRunning(socketPath)).toEqual({ pid: process.pid, databaseUrl: 'postgres://here' });
  });

  it('is only one', async () => {
    await becomeTheRunning(socketPath, life);
    await expect(becomeTheRunning(socketPath, life)).rejects.toThrow(
      `it runs already here (pid ${process.pid})`,
    );
  });

  it('does not stand in the way when it was killed or has ended', async () => {
    writeFileSync(socketPath, 'what a hard kill left behind');
    await becomeTheRunning(socketPath, life);
    await closing.closeAll();
    expect(await askRunning(socketPath)).toBeUndefined();
  });
});
