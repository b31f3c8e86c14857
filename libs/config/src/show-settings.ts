import type { Declarations, Settings } from './setting.ts';

/** The settings as they may be logged: secrets only as `set` or `unset`. */
export function shownSettings<D extends Declarations>(
  declarations: D,
  settings: Settings<D>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(declarations).map(([name, { secret }]) => {
      const value = settings[name];
      return [name, secret ? (value === undefined ? 'unset' : 'set') : (value ?? 'unset')];
    }),
  );
}

/** The declarations as a Markdown table, for the documentation. */
export function settingsTable(declarations: Declarations): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = Object.entries(declarations).map(
    ([name, { meaning, defaultShown }]) => `| \`${name}\` | ${cell(meaning)} | ${cell(defaultShown)} |`,
  );
  return ['| variable | meaning | default |', '| --- | --- | --- |', ...rows].join('\n');
}
