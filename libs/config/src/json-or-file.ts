import { readFileSync } from 'node:fs';
import { Fault, setting, type Default, type Setting, type SettingOptions } from './setting.ts';

/**
 * JSON in the variable itself, or `@path` of a file that holds it (relative to the working directory). `check` turns the
 * parsed value into the setting's, and throws `Fault`.
 */
export function jsonOrFile<T, D>(
  meaning: string,
  options: SettingOptions<D>,
  check: (value: unknown) => T,
): Setting<T | Default<D>> {
  return setting(meaning, options, (text) =>
    check(parse(text.startsWith('@') ? readJsonFile(text.slice(1)) : text)),
  );
}

function readJsonFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Fault(`names a file that cannot be read: ${(error as Error).message}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault(`is not JSON: ${(error as Error).message}`);
  }
}
