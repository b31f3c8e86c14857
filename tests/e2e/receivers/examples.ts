import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonPackages } from '../../../deploy/checks/python-tool.ts';

const run = promisify(execFile);
const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples', 'receivers');

/** How a receiver is started: a program, and what it reads from its environment beside what all of them do. */
interface Program {
  command: [file: string, ...args: string[]];
  folder: string;
  environment: Record<string, string>;
}

/** A program of `examples/receivers`, made ready as its page says. */
export interface Example {
  name: string;
  /** @param scratch a folder for what is built, and @param environment what the program will run with */
  prepare(scratch: string, environment: Record<string, string>): Promise<Program>;
}

async function pythonExample(name: string): Promise<Pick<Program, 'folder' | 'environment'>> {
  const folder = join(EXAMPLES, name);
  const packages = await pythonPackages(join(folder, 'requirements.txt'));
  return { folder, environment: { PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' } };
}

export const examples: Example[] = [
  {
    name: 'Express',
    prepare: () =>
      Promise.resolve({
        command: [process.execPath, 'receiver.js'],
        folder: join(EXAMPLES, 'express'),
        environment: {},
      }),
  },
  {
    name: 'FastAPI',
    async prepare(_, { PORT = '' }) {
      const python = await pythonExample('fastapi');
      return { ...python, command: ['python3', '-m', 'uvicorn', 'receiver:app', '--port', PORT] };
    },
  },
  {
    name: 'Django',
    async prepare(_, environment) {
      const python = await pythonExample('django');
      const env = { ...process.env, ...environment, ...python.environment };
      await run('python3', ['manage.py', 'migrate'], { cwd: python.folder, env });
      const command: Program['command'] = ['python3', 'manage.py', 'runserver', '--noreload'];
      return { ...python, command: [...command, environment['PORT'] ?? ''] };
    },
  },
  {
    name: 'Go',
    async prepare(scratch) {
      const folder = join(EXAMPLES, 'go');
      const binary = join(scratch, 'receiver');
      // The Go that is here, without a C compiler.
      const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };
      await run('go', ['build', '-o', binary, '.'], { cwd: folder, env }).catch((error: unknown) => {
        throw new Error('The Go example takes Go 1.19 or newer: apt-get install golang-go.', {
          cause: error,
        });
      });
      return { command: [binary], folder, environment: {} };
    },
  },
];
