import { lookup as systemLookUp, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { addressFault, type AddressPolicy } from '@oms-webhooks/domain';

/** A target that may not be connected to. Nothing was. */
export class BlockedAddressError extends Error {
  override name = 'BlockedAddressError';
}

/** As the system looks names up (`dns.lookup`); specs put a name server of their own in its place. */
export type LookUp = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Where a host may be connected to: those of its addresses that the policy allows. */
export class TargetLookUp {
  readonly #allowed: AddressPolicy;
  readonly #lookUp: LookUp;

  constructor(allowed: AddressPolicy, lookUp: LookUp = systemLookUp) {
    this.#allowed = allowed;
    this.#lookUp = lookUp;
  }

  /** Throws `BlockedAddressError` for an address that is not allowed; a name passes, its addresses are judged by `lookup`. */
  requireAllowed(host: string): void {
    if (isIP(host) && !this.#allowed(host)) throw new BlockedAddressError(addressFault(host));
  }

  /** For a socket: hands over nothing but addresses that are allowed, so that no other can be connected to. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const usable = addresses.filter(({ address }) => this.#allowed(address));
      const [first] = usable;
      if (!first)
        return callback(new BlockedAddressError(addressFault(addresses[0]?.address ?? hostname)), []);
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };

  /** The addresses themselves, at least one. Rejects like `requireAllowed`, and where the name is not found. */
  async addresses(host: string): Promise<string[]> {
    this.requireAllowed(host);
    if (isIP(host)) return [host];
    return new Promise((resolve, reject) => {
      this.lookup(host, { all: true }, (error, addresses) => {
        if (error) reject(error);
        else resolve((addresses as LookupAddress[]).map(({ address }) => address));
      });
    });
  }
}
