import type { Api } from '../api.ts';
import type { Place } from '../context.ts';
import { EXIT, Failure } from '../failure.ts';
import { bad, doubtful, good, notLookedAt, reasonOf, type Finding } from './finding.ts';

const LIMIT_MS = 5000;
const CLOCK_TOLERANCE_S = 5;

/** The ingest API: whether it is ready, its clock, and whether the token is good. */
export async function lookAtApi(api: Api, { token }: Place): Promise<Finding[]> {
  const ready = await readiness(
    'API',
    api.url,
    'Start it (oms-webhooks start), or name another one with --url.',
  );
  if (ready.state === 'bad') return [ready];
  if (token === undefined)
    return [
      ready,
      bad(
        'Token',
        'there is none',
        'Set OMS_WEBHOOKS_TOKEN; oms-webhooks tokens create --account NAME makes one.',
      ),
    ];
  try {
    const { headers } = await api.get('/api/v1/oms/oms_hook_events/', { page_size: 1 });
    return [ready, good('Token', 'is accepted'), apiClock(headers)];
  } catch (error) {
    const isRefused = error instanceof Failure && error.exitCode === EXIT.notPermitted;
    const remedy = isRefused
      ? 'oms-webhooks tokens list shows those that are good.'
      : 'Look at the log of the ingest API.';
    return [ready, bad('Token', isRefused ? 'is not accepted' : reasonOf(error), remedy)];
  }
}

/** A dispatcher on this machine; where the API is elsewhere, dispatchers are, too. */
export async function lookAtDispatcher(api: Api, { DISPATCHER_PORT }: NodeJS.ProcessEnv): Promise<Finding> {
  const { hostname } = new URL(api.url);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    return notLookedAt('Dispatcher', 'its port is for probes inside a cluster');
  const found = await readiness(
    'Dispatcher',
    `http://${hostname}:${DISPATCHER_PORT?.trim() || 8081}`,
    'Start one: without it events wait.',
  );
  return found.state === 'bad' ? { ...found, state: 'doubtful' } : found;
}

async function readiness(what: string, url: string, remedy: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(LIMIT_MS) });
    const { waiting_for: waitingFor = [] } = (await response.json()) as { waiting_for?: string[] };
    if (response.ok) return good(what, `${url} is ready`);
    return bad(
      what,
      `${url} waits for ${waitingFor.join(', ') || 'something'}`,
      'See to that first; its log has more.',
    );
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return bad(what, `${url} does not answer: ${reasonOf(cause ?? error)}`, remedy);
  }
}

function apiClock(headers: Headers): Finding {
  const offset = Math.round((Date.parse(headers.get('date') ?? '') - Date.now()) / 1000);
  if (Math.abs(offset) <= CLOCK_TOLERANCE_S) return good("API's clock", 'as here');
  return doubtful(
    "API's clock",
    `${offset} s from here`,
    'Let both machines take the time from the same source (NTP).',
  );
}
