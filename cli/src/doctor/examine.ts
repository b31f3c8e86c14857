import type { Api } from '../api.ts';
import type { Place } from '../context.ts';
import type { Finding } from './finding.ts';
import { lookAtKafka } from './look-at-kafka.ts';
import { lookAtNode, lookAtSettings } from './look-at-machine.ts';
import { lookAtPostgres } from './look-at-postgres.ts';
import { lookAtApi, lookAtDispatcher } from './look-at-services.ts';
import { lookAtTarget } from './look-at-target.ts';

export interface Examination {
  api: Api;
  place: Place;
  target: string | undefined;
  /** Only at what can be seen from elsewhere. */
  remote: boolean | undefined;
  environment: NodeJS.ProcessEnv;
}

/** Looks at every part of a set-up, and changes nothing. */
export async function examine({ api, place, target, remote, environment }: Examination): Promise<Finding[]> {
  const findings = await Promise.all([
    ...(remote ? [] : [lookAtPostgres(environment), lookAtKafka(environment)]),
    lookAtApi(api, place),
    ...(remote ? [] : [lookAtDispatcher(api, environment)]),
    ...(target === undefined ? [] : [lookAtTarget(target, environment)]),
  ]);
  return [
    lookAtNode(process.versions.node),
    ...(remote ? [] : [lookAtSettings(environment)]),
    ...findings.flat(),
  ];
}
