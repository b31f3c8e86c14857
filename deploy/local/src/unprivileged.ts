import { spawnSync, type SpawnOptions } from 'node:child_process';
import { chownSync } from 'node:fs';

/** How to run PostgreSQL's programs: it refuses to run as root. */
export interface Unprivileged {
  /** The command line and spawn options that run `command` as the right user. */
  wrap(command: string, args: string[]): { command: string; args: string[]; options: SpawnOptions };
  /** Gives a file or folder to that user. */
  own(path: string): void;
}

const asWeAre: Unprivileged = {
  wrap: (command, args) => ({ command, args, options: {} }),
  own: () => undefined,
};

/** As we are, or, for root, as the user `postgres`, which is made when it is missing. `probe` is a program it must be able to run. */
export function unprivileged(probe: string): Unprivileged {
  if (process.getuid?.() !== 0) return asWeAre;
  const { uid, gid } = postgresUser();
  const own = (path: string) => chownSync(path, uid, gid);
  const direct: Unprivileged = { own, wrap: (command, args) => ({ command, args, options: { uid, gid } }) };
  if (runs(direct, probe)) return direct;
  // A checkout below /root (mode 700) is out of reach for another user. Linux can grant just the right to pass through;
  // no_setuid_fixup lets access(2), which initdb asks, see it too.
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  const pass = [...identity, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', '--'];
  const passing: Unprivileged = {
    own,
    wrap: (command, args) => ({ command: 'setpriv', args: [...pass, command, ...args], options: {} }),
  };
  if (runs(passing, probe)) return passing;
  throw new Error(
    `PostgreSQL does not run as root, and the user "postgres" cannot reach ${probe}: ` +
      'start as an ordinary user, move the checkout to a folder that others may enter, or set DATABASE_URL',
  );
}

function runs(user: Unprivileged, probe: string): boolean {
  const { command, args, options } = user.wrap(probe, ['--version']);
  return spawnSync(command, args, { ...options, stdio: 'ignore' } as object).status === 0;
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  if (id('-u').status !== 0) {
    for (const [program, ...args] of [
      ['groupadd', '--system', 'postgres'],
      ['useradd', '--system', '--gid', 'postgres', '--no-create-home', 'postgres'],
    ] as const)
      spawnSync(program, args);
  }
  const [uid, gid] = [Number(id('-u').stdout), Number(id('-g').stdout)];
  if (!uid || !gid)
    throw new Error(
      'PostgreSQL does not run as root, and no user "postgres" could be made: start as an ordinary user',
    );
  return { uid, gid };
}
