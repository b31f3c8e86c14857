export { Fault, required, setting, type Declarations, type Setting, type Settings } from './setting.ts';
export { cidrList, duration, flag, integer, list, oneOf, port, text, url } from './kinds.ts';
export { jsonOrFile } from './json-or-file.ts';
export type { CaBundle } from './ca-bundle.ts';
export type { ProxyUrl } from './proxy-url.ts';
export {
  badSettingsExitCode,
  readSettings,
  rule,
  settingsOrExit,
  SettingsError,
  type Environment,
  type Rule,
} from './read-settings.ts';
export { settingsTable, shownSettings } from './show-settings.ts';
export { serviceVariables, variableRules, variables } from './declarations.ts';
export type { ContentType, ContentTypes, WantedWebhook } from './content-types.ts';
export type { ConfiguredEventType, ConfiguredEventTypes } from './event-types.ts';
