import ipaddr from 'ipaddr.js';

/** Decides whether a target may be at an IP address; see `targetAddressPolicy`. */
export type AddressPolicy = (address: string) => boolean;

/** Outside of 2000::/3 no IPv6 address is public: IPv4-compatible, local-use NAT64, site-local and whatever comes. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Special-purpose networks (IANA) that ipaddr.js 1.9 takes for public: benchmarks, protocol assignments, documentation. */
const NOT_PUBLIC = ['198.18.0.0/15', '2001::/23', '3fff::/20'].map((network) => ipaddr.parseCIDR(network));

/**
 * Public unicast addresses are allowed, everything else (loopback, private, link-local with the metadata services,
 * multicast, carrier-grade NAT, reserved, and the IPv6 forms that carry an IPv4 address) only when one of the networks
 * contains it. An IPv4-mapped IPv6 address is judged as the IPv4 address that would be connected to.
 * @param networks CIDR list, `10.0.0.0/8`; one of IPv4-mapped addresses, `::ffff:10.0.0.0/104`, is that of the IPv4 ones
 */
export function targetAddressPolicy(networks: readonly string[]): AddressPolicy {
  const allowed = networks.map((network) => unmapped(ipaddr.parseCIDR(network)));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return isPublic(address) || isIn(allowed, address);
  };
}

/** Addresses are judged as IPv4 where they can be, so their networks must be too. */
function unmapped([address, prefix]: Network): Network {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress() && prefix >= MAPPED_BITS
    ? [(address as ipaddr.IPv6).toIPv4Address(), prefix - MAPPED_BITS]
    : [address, prefix];
}

/** The prefix of all IPv4-mapped addresses, `::ffff:0:0/96`. */
const MAPPED_BITS = 96;

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isIn(NOT_PUBLIC, address)) return false;
  return address.kind() === 'ipv4' || isIn([PUBLIC_IPV6], address);
}

function isIn(networks: readonly Network[], address: Address): boolean {
  return networks.some(
    (network) =>
      network[0].kind() === address.kind() &&
      (address as ipaddr.IPv4).match(network as [ipaddr.IPv4, number]),
  );
}

/** What is wrong with a target's URL before any name is looked up; undefined when nothing is. */
export function targetUrlFault(text: string, allowed: AddressPolicy): string | undefined {
  if (!URL.canParse(text)) return 'Enter a valid URL.';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return 'Enter a valid URL: only http and https are sent to.';
  if (url.username || url.password)
    return 'Enter a URL without user name and password; use config.auth instead.';
  const host = hostOf(url);
  // `new URL` has already turned every spelling of an IPv4 address (decimal, octal, hex) into the dotted one.
  if (ipaddr.isValid(host)) return allowed(host) ? undefined : addressFault(host);
  if (host === 'localhost' || host.endsWith('.localhost'))
    return allowed('127.0.0.1') ? undefined : addressFault(host);
  return undefined;
}

export function addressFault(address: string): string {
  return `The target address ${address} is not allowed (see DELIVERY_ALLOWED_NETWORKS).`;
}

/** The host to connect to: no brackets around IPv6, no trailing dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
