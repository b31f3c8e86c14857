import { lookup } from 'node:dns/promises';
import { addressFault, hostOf, targetUrlFault, type AddressPolicy } from '@oms-webhooks/domain';
import { isIP } from 'node:net';

/** A name that does not resolve in this time is judged when it is connected to. */
const LOOKUP_LIMIT_MS = 2000;

/**
 * Judges a target when it is saved: answers what is wrong with it, or undefined. A name that does not resolve now may
 * do so later, and every address is judged again when it is connected to.
 */
export function checkTarget(allowed: AddressPolicy): (url: string) => Promise<string | undefined> {
  return async (text) => {
    const fault = targetUrlFault(text, allowed);
    if (fault !== undefined) return fault;
    const host = hostOf(new URL(text));
    if (isIP(host)) return undefined;
    const addresses = await Promise.race([
      lookup(host, { all: true }).catch(() => []),
      new Promise<[]>((resolve) => setTimeout(() => resolve([]), LOOKUP_LIMIT_MS).unref()),
    ]);
    const forbidden = addresses.find(({ address }) => !allowed(address));
    return forbidden && addressFault(forbidden.address);
  };
}
