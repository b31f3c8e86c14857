import { Fault, type Declarations, type Settings } from './setting.ts';

/** The conventional exit code of a process whose configuration is wrong (EX_CONFIG of sysexits.h). */
export const badSettingsExitCode = 78;

/** A bad set-up, with everything that is wrong with it. `message` lists all faults, one a line. */
export class SettingsError extends Error {
  override name = 'SettingsError';
  readonly exitCode = badSettingsExitCode;
  readonly faults: string[];

  constructor(faults: string[]) {
    super(
      `The settings (environment variables) have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.faults = faults;
  }
}

/** A rule across settings; it is asked only when all that it reads are declared and have no fault of their own. */
export interface Rule {
  reads: readonly string[];
  /** The fault in words, or undefined when the rule holds. */
  fault: (settings: never) => string | undefined;
}

/** A rule that reads the named settings of `D`. */
export function rule<D extends Declarations, Name extends keyof D & string>(
  declarations: Pick<D, Name>,
  fault: (settings: Settings<Pick<D, Name>>) => string | undefined,
): Rule {
  return { reads: Object.keys(declarations), fault };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and validates all declared variables at once; throws one `SettingsError` with every fault. */
export function readSettings<const D extends Declarations>(
  environment: Environment,
  declarations: D,
  rules: readonly Rule[] = [],
): Settings<D> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    try {
      values[name] = declaration.read(environment[name]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(`${name} ${error.message}`);
    }
  }
  for (const { reads, fault } of rules) {
    if (!reads.every((name) => name in values)) continue;
    const words = fault(Object.fromEntries(reads.map((name) => [name, values[name]])) as never);
    if (words !== undefined) faults.push(words);
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return values as Settings<D>;
}

/** `readSettings` for the first line of a process: prints every fault to stderr and exits 78. */
export function settingsOrExit<const D extends Declarations>(
  environment: Environment,
  declarations: D,
  rules: readonly Rule[] = [],
): Settings<D> {
  try {
    return readSettings(environment, declarations, rules);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(badSettingsExitCode);
  }
}
