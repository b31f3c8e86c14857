import { isIP } from 'node:net';
import { Fault, setting, type Default, type Setting, type SettingOptions } from './setting.ts';

type Kind<T> = <D>(meaning: string, options: SettingOptions<D>) => Setting<T | Default<D>>;

/** Any text, optionally of a least length or out of a set of words. */
export function text<D>(
  meaning: string,
  options: SettingOptions<D> & { minLength?: number; noSpaces?: boolean },
): Setting<string | Default<D>> {
  return setting(meaning, options, (value) => {
    const least = options.minLength ?? 0;
    if (value.length < least)
      throw new Fault(`must have at least ${least} characters, and has ${value.length}`);
    if (options.noSpaces && !/^[\x21-\x7e]+$/.test(value))
      throw new Fault('must be printable ASCII without spaces');
    return value;
  });
}

/** A comma list of secret keys, kept as one text; each has a least length. */
export function keys<D>(
  meaning: string,
  options: SettingOptions<D> & { minLength: number },
): Setting<string | Default<D>> {
  const { minLength } = options;
  return setting(meaning, { ...options, secret: true }, (value) => {
    const lengths = value.split(',').map((key) => key.trim().length);
    const short = lengths.findIndex((length) => length < minLength);
    if (short >= 0)
      throw new Fault(
        `must have keys of at least ${minLength} characters; key ${short + 1} of ${lengths.length} has ${lengths[short]}`,
      );
    return value;
  });
}

/** One of the given words, whatever its case. */
export function oneOf<const W extends string, const D>(
  meaning: string,
  words: readonly W[],
  options: SettingOptions<D>,
): Setting<W | Default<D>> {
  return setting(meaning, options, (value) => {
    const word = words.find((known) => known === value.toLowerCase());
    if (word === undefined) throw new Fault(`must be one of ${words.join(', ')}, not "${value}"`);
    return word;
  });
}

/** A number from 0 to 1. */
export function share<D>(meaning: string, options: SettingOptions<D>): Setting<number | Default<D>> {
  return setting(meaning, options, (value) => {
    const number = /^\d(\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (!(number >= 0 && number <= 1)) throw new Fault(`must be a number from 0 to 1, not "${value}"`);
    return number;
  });
}

/** A whole number within `min` and `max`, both included. */
export function integer<D>(
  meaning: string,
  options: SettingOptions<D> & { min: number; max: number },
): Setting<number | Default<D>> {
  const { min, max } = options;
  return setting(meaning, options, (value) => {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max))
      throw new Fault(`must be a whole number from ${min} to ${max}, not "${value}"`);
    return number;
  });
}

/** A TCP port. */
export const port: Kind<number> = (meaning, options) => integer(meaning, { ...options, min: 1, max: 65_535 });

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration in milliseconds: a bare number is ms, and `500ms`, `10s`, `5m`, `1h` are taken too. */
export function duration<D>(
  meaning: string,
  options: SettingOptions<D> & { min: number; max: number },
): Setting<number | Default<D>> {
  const { min, max } = options;
  return setting(meaning, options, (value) => {
    const [, amount = '', unit = 'ms'] = /^(\d{1,12})(ms|s|m|h)?$/.exec(value) ?? [];
    const ms = amount === '' ? NaN : Number(amount) * (units[unit] ?? NaN);
    if (!(ms >= min && ms <= max))
      throw new Fault(`must be a duration from ${min} to ${max} ms (like 500, 500ms, 10s), not "${value}"`);
    return ms;
  });
}

/** `true`, `1`, `yes`, `on` and their opposites. */
export const flag: Kind<boolean> = (meaning, options) =>
  setting(meaning, options, (value) => {
    if (/^(true|1|yes|on)$/i.test(value)) return true;
    if (/^(false|0|no|off)$/i.test(value)) return false;
    throw new Fault(`must be true or false, not "${value}"`);
  });

/** An absolute URL of one of the given schemes, without a trailing slash. Its value is never repeated in a fault: it may hold a password. */
export function url<D>(
  meaning: string,
  options: SettingOptions<D> & { schemes: readonly string[] },
): Setting<string | Default<D>> {
  return setting(meaning, options, (value) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
    if (!options.schemes.includes(scheme))
      throw new Fault(`must be a URL that begins with ${options.schemes.map((s) => `${s}://`).join(' or ')}`);
    return value.replace(/\/+$/, '');
  });
}

/** A comma list; blanks around and empty places are dropped. `check` says what is wrong with one item. */
export function list<D>(
  meaning: string,
  options: SettingOptions<D> & { check?: (item: string) => string | undefined },
): Setting<string[] | Default<D>> {
  return setting(meaning, options, (value) => {
    const items = commaList(value);
    const wrong = items.map((item) => options.check?.(item)).filter((fault) => fault !== undefined);
    if (wrong.length > 0) throw new Fault(wrong.join('; '));
    return items;
  });
}

/** A comma list of IPv4 and IPv6 networks, each as `address/prefix`; a lone address becomes a network of one. */
export const cidrList: Kind<string[]> = (meaning, options) =>
  setting(meaning, options, (value) => {
    const items = commaList(value);
    const wrong = items.filter((item) => toCidr(item) === undefined).map((item) => `"${item}"`);
    if (wrong.length > 0)
      throw new Fault(
        `must be networks like 10.0.0.0/8 or fd00::/8; ${wrong.join(', ')} ${wrong.length === 1 ? 'is' : 'are'} none`,
      );
    return items.map(toCidr).filter((cidr) => cidr !== undefined);
  });

function toCidr(item: string): string | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(item) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const length = prefix === undefined ? bits : Number(prefix);
  return bits < 0 || length > bits ? undefined : `${address}/${length}`;
}

const commaList = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
