/** One environment variable: what it means, how its text is read, what holds without it. */
export interface Setting<T> {
  meaning: string;
  /** Shown in tables in place of the value itself, for example `none` or `4 models`. */
  defaultShown: string;
  secret: boolean;
  /** Reads the text; undefined or blank means that the variable is not set. Throws `Fault` in words. */
  read(text: string | undefined): T;
}

export type Declarations = Record<string, Setting<unknown>>;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
export type Settings<D extends Declarations> = { readonly [Name in keyof D]: ValueOf<D[Name]> };

/** What is wrong with one variable, put so that it reads on after its name: `must be …`, `is not set: …`. */
export class Fault extends Error {}

export interface SettingOptions<D> {
  /** What holds when the variable is not set; `required(…)` makes that a fault. */
  default: D | Required;
  /** How the default is shown in tables, where its own text would not do. */
  shown?: string;
  /** Never printed: tables and logs say set or unset. */
  secret?: boolean;
}

/** In place of a default: not being set is a fault, with this explanation. */
export interface Required {
  readonly requiredBecause: string;
}

/** The variable must be set; `why` follows `is not set: `. */
export const required = (why: string): Required => ({ requiredBecause: why });

/** What holds when a variable is not set: nothing, where that is a fault. */
export type Default<D> = Exclude<D, Required>;

/** Makes a setting from a parser of its text. The builders of `kinds.ts` are made of this. */
export function setting<T, D>(
  meaning: string,
  options: SettingOptions<D>,
  parse: (text: string) => T,
): Setting<T | Default<D>> {
  const fallback = options.default;
  const isRequired = (value: unknown): value is Required =>
    typeof value === 'object' && value !== null && 'requiredBecause' in value;
  return {
    meaning,
    secret: options.secret ?? false,
    defaultShown: options.shown ?? (isRequired(fallback) ? 'required' : showDefault(fallback)),
    read(text) {
      const trimmed = text?.trim() ?? '';
      if (trimmed !== '') return parse(trimmed);
      if (isRequired(fallback)) throw new Fault(`is not set: ${fallback.requiredBecause}`);
      return fallback as Default<D>;
    },
  };
}

function showDefault(value: unknown): string {
  if (value === undefined || value === '') return 'unset';
  if (Array.isArray(value) && value.length === 0) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
