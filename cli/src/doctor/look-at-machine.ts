import { readSettings, SettingsError, variableRules, variables } from '@oms-webhooks/config';
import { bad, good, type Finding } from './finding.ts';

/** Node itself, as the services want it. */
export function lookAtNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return good('Node', version);
  return bad('Node', `${version} is too old`, 'Install Node 20.19 or newer (https://nodejs.org).');
}

/** The environment variables of this shell, by the rules of the services. */
export function lookAtSettings(environment: NodeJS.ProcessEnv): Finding {
  try {
    // Without a database of its own a machine has the embedded one.
    readSettings({ DATABASE_URL: 'postgres://embedded', ...environment }, variables, variableRules);
    return good('Settings', 'no fault in the environment variables of this shell');
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return bad('Settings', error.faults.join('; '), 'Set them right; the README has the table.');
  }
}
