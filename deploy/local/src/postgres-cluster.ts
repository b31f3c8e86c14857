import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { Unprivileged } from './unprivileged.ts';

/** A PostgreSQL data directory with its database `oms_webhooks` and its superuser `oms`. */
export interface Cluster {
  folder: string;
  url(port: number): string;
}

const database = 'oms_webhooks';

/** Opens the cluster in `dataDir/postgres`; makes it when it is not there, under another name until it is complete. */
export function openCluster(dataDir: string, binaries: PostgresBinaries, user: Unprivileged): Cluster {
  const folder = join(dataDir, 'postgres');
  const passwordFile = join(dataDir, 'postgres.password');
  if (!existsSync(folder)) {
    const unfinished = `${folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const password = randomBytes(24).toString('hex');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    user.own(unfinished);
    user.own(passwordFile);
    // The built-in C.UTF-8 sorts the same everywhere and lower-cases all of Unicode, whatever locales the machine has.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const login = ['--username=oms', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    run(user, binaries.initdb, ['-D', unfinished, ...login, ...locale, '--no-instructions']);
    run(user, binaries.postgres, ['--single', '-D', unfinished, 'postgres'], `CREATE DATABASE ${database}\n`);
    renameSync(unfinished, folder);
  }
  refuseOtherVersion(folder, binaries, user);
  const password = readFileSync(passwordFile, 'utf8').trim();
  return { folder, url: (port) => `postgres://oms:${password}@127.0.0.1:${port}/${database}` };
}

function refuseOtherVersion(folder: string, binaries: PostgresBinaries, user: Unprivileged): void {
  const written = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  const [, ours] = /(\d+)/.exec(run(user, binaries.postgres, ['--version'])) ?? [];
  if (written !== ours)
    throw new Error(
      `${folder} was written by PostgreSQL ${written}, and ${ours ?? '?'} is installed: move it away`,
    );
}

function run(user: Unprivileged, program: string, programArgs: string[], input = ''): string {
  const { command, args, options } = user.wrap(program, programArgs);
  const result = spawnSync(command, args, { ...(options as object), input, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${program} failed: ${result.error?.message ?? (result.stderr.trim() || result.stdout.trim())}`,
  );
}
