import { request } from 'undici';
import { pick, randomOf } from '../random.ts';
import type { EventToPublish } from './publisher.ts';
import type { Behaviour, Receivers } from './receivers.ts';

/** Receivers that a run may have, and the share of its events that each gets. */
export const RECEIVERS: Record<string, { behaviour: Behaviour; share: number }> = {
  'steady 1': { behaviour: 'steady', share: 0.2 },
  'steady 2': { behaviour: 'steady', share: 0.2 },
  'steady 3': { behaviour: 'steady', share: 0.2 },
  flaky: { behaviour: 'flaky', share: 0.14 },
  hanging: { behaviour: 'hanging', share: 0.03 },
  dripping: { behaviour: 'dripping', share: 0.04 },
  ordered: { behaviour: 'ordered', share: 0.19 },
  slow: { behaviour: 'slow', share: 1.4 },
};

/** Those that a queue does not build up for. */
export const ALL_SORTS = Object.keys(RECEIVERS).filter((name) => name !== 'slow');

const PUBLISHERS = 16;
const ORDERED_OBJECTS = 24;

/** Registers a webhook for each receiver; answers their ids by the receiver's name. */
export async function registerWebhooks(
  apiUrl: string,
  token: string,
  { urls }: Receivers,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const [name, { url, behaviour }] of urls) {
    const { statusCode, body } = await request(`${apiUrl}/whisperer/hooks/`, {
      method: 'POST',
      headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        target_url: url,
        event_type: 'package.created',
        retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 1 } },
        // Nothing is exhausted within a run, whatever happens to it.
        config: { max_attempts: 1000, ordered: behaviour === 'ordered' },
      }),
    });
    const text = await body.text();
    if (statusCode !== 201) throw new Error(`registering a webhook was answered ${statusCode}: ${text}`);
    ids.set(name, (JSON.parse(text) as { id: number }).id);
  }
  return ids;
}

/**
 * Deals events out evenly over the time. Ordered ones: a line for each object, whose publisher waits for each 202; the
 * others: a line for each publisher.
 */
export function makeTraffic(
  { seed, events, lengthMs }: { seed: number; events: number; lengthMs: number },
  hooks: ReadonlyMap<string, number>,
): EventToPublish[][] {
  const random = randomOf(seed ^ 0x5eed);
  const lines = new Map<string, EventToPublish[]>();
  const shares = Object.fromEntries([...hooks.keys()].map((name) => [name, RECEIVERS[name]?.share ?? 1]));
  for (let index = 0; index < events; index += 1) {
    const receiver = pick(random, shares);
    const ordered = RECEIVERS[receiver]?.behaviour === 'ordered';
    const pk = ordered ? Math.floor(random() * ORDERED_OBJECTS) : index;
    const name = ordered ? `object ${pk}` : `publisher ${index % PUBLISHERS}`;
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    line.push({
      key: `chaos-${seed}-${index}`,
      line: name,
      number: line.length,
      receiver,
      hook: hooks.get(receiver)!,
      pk,
      atMs: (index * lengthMs) / events,
    });
  }
  return [...lines.values()];
}
