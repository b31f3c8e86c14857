import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { addressFault, hostOf, targetUrlFault, type AddressPolicy } from '@oms-webhooks/domain';
import { isIP } from 'node:net';

/** A name that does not resolve in this time is judged when it is connected to. */
const LOOKUP_LIMIT_MS = 2000;

/** As the system looks names up (`dns.lookup`); specs put a name server of their own in its place. */
type LookUp = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Judges a target when it is saved: answers what is wrong with it, or undefined. A name that does not resolve now may
 * do so later, and every address is judged again when it is connected to.
 */
export function checkTarget(
  allowed: AddressPolicy,
  lookUp: LookUp = lookup,
): (url: string) => Promise<string | undefined> {
  return async (text) => {
    const fault = targetUrlFault(text, allowed);
    if (fault !== undefined) return fault;
    const host = hostOf(new URL(text));
    if (isIP(host)) return undefined;
    const addresses = await new Promise<LookupAddress[]>((resolve) => {
      const limit = setTimeout(() => resolve([]), LOOKUP_LIMIT_MS);
      lookUp(host, { all: true }, (error, found) => {
        clearTimeout(limit);
        resolve(error ? [] : found);
      });
    });
    const forbidden = addresses.find(({ address }) => !allowed(address));
    return forbidden && addressFault(forbidden.address);
  };
}
