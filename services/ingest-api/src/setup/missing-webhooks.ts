import type { WantedWebhook } from '@oms-webhooks/config';
import { eventTypeNamed } from '@oms-webhooks/domain';

/** A webhook that the Omnitron service has. */
export interface RegisteredWebhook {
  target_url: string;
  event_type: string;
}

/**
 * The wanted webhooks that are not registered, each once: target and event type decide. One that is registered and not
 * active is not missing, since somebody, or five days of failures, has switched it off.
 */
export function missingWebhooks(
  wanted: readonly WantedWebhook[],
  registered: readonly RegisteredWebhook[],
): WantedWebhook[] {
  const typesByTarget = new Map<string, Set<string>>();
  const typesAt = (target: string) => {
    const types = typesByTarget.get(target) ?? new Set<string>();
    typesByTarget.set(target, types);
    return types;
  };
  for (const { target_url, event_type } of registered) typesAt(target_url).add(event_type);
  return wanted.filter(({ target_url, event_type }) => {
    const types = typesAt(target_url.trim());
    if (eventTypeNamed(event_type.trim(), types) !== undefined) return false;
    types.add(event_type.trim());
    return true;
  });
}
