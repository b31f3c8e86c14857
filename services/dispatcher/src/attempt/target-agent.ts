import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { addressFault, type AddressPolicy } from '@oms-webhooks/domain';
import { Agent, buildConnector } from 'undici';

/** A target whose address is not allowed. Nothing was connected to. */
export class BlockedAddressError extends Error {
  override name = 'BlockedAddressError';
}

/**
 * The HTTP client for everything whose URL comes from outside. The address is judged where it is used: the look-up
 * hands over only what the policy allows, so a name that changes its answer cannot slip through between a check and
 * the connection; a literal address never reaches a look-up and is judged by itself.
 */
export function targetAgent(options: { allowed: AddressPolicy; connectTimeoutMs: number }): Agent {
  const { allowed, connectTimeoutMs } = options;
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: guardedLookup(allowed),
  });
  return new Agent({
    // No limit of connections here: it would be one per host, which webhooks share. Lanes bound what is in flight.
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: (target, callback) => {
      const host = target.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !allowed(host)) callback(new BlockedAddressError(addressFault(host)), null);
      else connect(target, callback);
    },
  });
}

function guardedLookup(allowed: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const usable = addresses.filter(({ address }) => allowed(address));
      const [first] = usable;
      if (!first)
        return callback(new BlockedAddressError(addressFault(addresses[0]?.address ?? hostname)), []);
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}
