import { PassThrough } from 'node:stream';
import { createLogger } from './log.ts';

/** What was logged through `use`, parsed line by line. */
function logged(
  level: string,
  use: (log: ReturnType<typeof createLogger>) => void,
): Record<string, unknown>[] {
  const stream = new PassThrough();
  use(createLogger({ service: 'dispatcher', level, stream }));
  const text = (stream.read() as Buffer | null)?.toString() ?? '';
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON line with time, level, service, message and the fields', () => {
    const [line] = logged('info', (log) => log.info('attempt', { status: 202, webhook: 68 }));
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'info',
      service: 'dispatcher',
      message: 'attempt',
      status: 202,
      webhook: 68,
    });
  });

  it('writes nothing below its level', () => {
    const lines = logged('warn', (log) => {
      log.info('quiet');
      log.warn('loud');
    });
    expect(lines.map(({ message }) => message)).toEqual(['loud']);
  });

  it('hides what is named like a secret, at any depth', () => {
    const [line] = logged('info', (log) =>
      log.info('request', {
        secret_key: 'hunter2',
        headers: { Authorization: 'Token hunter2', 'X-Whisperer-Signature': 'sha256=hunter2', accept: '*/*' },
        settings: { API_TOKEN: 'set', SECRETS_KEY: 'unset' },
      }),
    );
    expect(JSON.stringify(line)).not.toContain('hunter2');
    expect(line).toMatchObject({
      headers: { accept: '*/*' },
      settings: { API_TOKEN: 'set', SECRETS_KEY: 'unset' },
    });
  });

  it('writes an error as its text, code and stack', () => {
    const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const [line] = logged('info', (log) => log.error('database away', { error }));
    expect(line?.error).toMatchObject({
      message: 'refused',
      code: 'ECONNREFUSED',
      stack: expect.any(String),
    });
  });

  it('survives big integers, cycles and a field that is called message or level', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const [line] = logged('info', (log) =>
      log.info('odd', { big: 2n ** 60n, cycle, message: 'x', level: 'y' }),
    );
    expect(line).toMatchObject({ level: 'info', message: 'odd' });
  });
});
