import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cidrList, duration, flag, integer, list, oneOf, text, url } from './kinds.ts';
import { jsonOrFile } from './json-or-file.ts';
import { readSettings, rule, SettingsError, type Environment, type Rule } from './read-settings.ts';
import { required, type Declarations, type Setting } from './setting.ts';
import { settingsTable, shownSettings } from './show-settings.ts';

function faultsOf(environment: Environment, declarations: Declarations, rules: Rule[] = []): string[] {
  try {
    readSettings(environment, declarations, rules);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}
const read = <T>(value: string, setting: Setting<T>): T => readSettings({ IT: value }, { IT: setting }).IT;

describe('readSettings', () => {
  const least = integer('least', { default: 1, min: 0, max: 9 });
  const most = integer('most', { default: 9, min: 0, max: 9 });
  const ordered = rule({ LEAST: least, MOST: most }, ({ LEAST, MOST }) =>
    LEAST > MOST ? 'LEAST must not be more than MOST' : undefined,
  );

  it('gives each variable its type, and its default where it is unset or blank', () => {
    const settings = readSettings({ LEAST: '3', MOST: ' ' }, { LEAST: least, MOST: most });
    expect(settings).toEqual({ LEAST: 3, MOST: 9 });
  });

  it('reports every fault at once, in words, rules across variables among them', () => {
    const url_ = url('database', { default: required('name one'), schemes: ['postgres'] });
    const declarations = {
      LEAST: least,
      MOST: most,
      DATABASE_URL: url_,
      DEBUG: flag('', { default: false }),
    };
    expect(faultsOf({ LEAST: '5', MOST: '4', DEBUG: 'perhaps' }, declarations, [ordered])).toEqual([
      'DATABASE_URL is not set: name one',
      'DEBUG must be true or false, not "perhaps"',
      'LEAST must not be more than MOST',
    ]);
  });

  it('asks no rule about a variable that is faulty or that this process does not read', () => {
    expect(faultsOf({ LEAST: 'x', MOST: '0' }, { LEAST: least, MOST: most }, [ordered])).toEqual([
      'LEAST must be a whole number from 0 to 9, not "x"',
    ]);
    expect(faultsOf({ LEAST: '5' }, { LEAST: least }, [ordered])).toEqual([]);
  });

  it('lists the faults in the message of the error', () => {
    expect(() => readSettings({ LEAST: 'x' }, { LEAST: least })).toThrow(
      'The settings (environment variables) have a fault:\n  - LEAST must be a whole number from 0 to 9, not "x"',
    );
  });
});

describe('the kinds of settings', () => {
  it('read whole numbers within their range, and nothing else', () => {
    const setting = integer('', { default: 0, min: -50, max: 50 });
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -99, max: 99 }).map(String), fc.string()), (value) => {
        const valid = value.trim() === '' || (/^-?\d+$/.test(value.trim()) && Math.abs(Number(value)) <= 50);
        expect(faultsOf({ IT: value }, { IT: setting }).length).toBe(valid ? 0 : 1);
      }),
    );
  });

  it('read durations with and without a unit', () => {
    const setting = duration('', { default: 0, min: 10, max: 600_000 });
    expect(['250', '250ms', '10s', '5m'].map((value) => read(value, setting))).toEqual([
      250, 250, 10_000, 300_000,
    ]);
    expect(() => read('9', setting)).toThrow('must be a duration from 10 to 600000 ms');
    expect(() => read('ten', setting)).toThrow('must be a duration');
  });

  it('read networks, make a lone address a network of one, and refuse what is none', () => {
    const setting = cidrList('', { default: [] });
    expect(read('10.0.0.0/8, fd00::/8 ,127.0.0.1,::1', setting)).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
      '127.0.0.1/32',
      '::1/128',
    ]);
    expect(read('', setting)).toEqual([]);
    for (const wrong of ['10.0.0.0/33', '10.0.0/8', 'fd00::/129', 'localhost', '1.2.3.4/', '1.2.3.4/8/8'])
      expect(() => read(wrong, setting)).toThrow(`"${wrong}" is none`);
    expect(() => read('10.0.0.0/33, ::1, home', setting)).toThrow('"10.0.0.0/33", "home" are none');
  });

  it('read words whatever their case, lists, flags and URLs', () => {
    expect(read('SCRAM-SHA-256', oneOf('', ['plain', 'scram-sha-256'], { default: undefined }))).toBe(
      'scram-sha-256',
    );
    expect(read(' a:1,, b:2 ', list('', { default: undefined }))).toEqual(['a:1', 'b:2']);
    expect(read('Yes', flag('', { default: false }))).toBe(true);
    expect(read('http://oms.internal/', url('', { default: undefined, schemes: ['http'] }))).toBe(
      'http://oms.internal',
    );
  });

  it('never repeat a URL or a secret in a fault, since either may hold a password', () => {
    const faults = faultsOf(
      { DATABASE_URL: 'mysql://user:hunter2@host', API_TOKEN: 'hunter2' },
      {
        DATABASE_URL: url('', { default: undefined, schemes: ['postgres', 'postgresql'] }),
        API_TOKEN: text('', { default: undefined, minLength: 20 }),
      },
    );
    expect(faults).toEqual([
      'DATABASE_URL must be a URL that begins with postgres:// or postgresql://',
      'API_TOKEN must have at least 20 characters, and has 7',
    ]);
  });

  it('read JSON from the variable or from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    try {
      const setting = jsonOrFile('', { default: undefined }, (value) => value);
      writeFileSync(join(folder, 'value.json'), '{"a": 1}');
      expect(read('{"a": 1}', setting)).toEqual({ a: 1 });
      expect(read(`@${join(folder, 'value.json')}`, setting)).toEqual({ a: 1 });
      expect(() => read('{', setting)).toThrow('IT is not JSON');
      expect(() => read('@/no/such/file', setting)).toThrow('IT names a file that cannot be read');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('shown settings', () => {
  const declarations = {
    PORT: integer('where | it listens', { default: 8080, min: 1, max: 65_535 }),
    API_TOKEN: text('token', { default: undefined, secret: true }),
    SECRETS_KEY: text('key', { default: undefined, secret: true }),
  };

  it('say of secrets only whether they are set', () => {
    const settings = readSettings({ SECRETS_KEY: 'hunter2' }, declarations);
    expect(shownSettings(declarations, settings)).toEqual({
      PORT: 8080,
      API_TOKEN: 'unset',
      SECRETS_KEY: 'set',
    });
  });

  it('are a table for the documentation', () => {
    expect(settingsTable(declarations).split('\n')[2]).toBe('| `PORT` | where \\| it listens | 8080 |');
  });
});
