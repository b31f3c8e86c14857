#!/usr/bin/env node
// Hands over to the compiled program; in a fresh clone installs and builds first. Plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/main.js', import.meta.url);
const commander = new URL('../../node_modules/commander/package.json', import.meta.url);
if (!existsSync(program) || !existsSync(commander)) {
  const bootstrap = fileURLToPath(new URL('../../deploy/local/bootstrap.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [bootstrap, 'install'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
const { main } = await import(program.href);
await main(process.argv.slice(2));
