const colours: Record<string, string> = {
  error: '\x1b[31m',
  warn: '\x1b[33m',
  info: '\x1b[36m',
  debug: '\x1b[90m',
};

/** A log line for a terminal: clock, level, message, then the fields as name=value; a stack goes below. */
export function humanLine(line: Record<string, unknown>): string {
  const { time, level, service, message, error, ...fields } = line as Record<string, string>;
  const { stack, ...rest } = (error ?? {}) as unknown as Record<string, unknown>;
  const pairs = Object.entries({ ...fields, ...rest }).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const clock = String(time).slice(11, 23);
  const head = `${clock} ${colours[String(level)] ?? ''}${String(level).padEnd(5)}\x1b[0m ${service}: ${message}`;
  return [head, ...pairs].join('  ') + (typeof stack === 'string' ? `\n${stack}` : '');
}
