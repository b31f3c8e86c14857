import fc from 'fast-check';
import { hostOf, targetAddressPolicy, targetUrlFault } from './target-address.ts';

const publicOnly = targetAddressPolicy([]);
const loopbackToo = targetAddressPolicy(['127.0.0.0/8']);

const hexPair = (high: number, low: number) => ((high << 8) | low).toString(16);
/** The IPv6 forms that carry an IPv4 address; all but the mapped one may reach it through a gateway. */
const mapped = ([a, b, c, d]: Octets) => `::ffff:${hexPair(a, b)}:${hexPair(c, d)}`;
const carried = ([a, b, c, d]: Octets) => [
  `::${hexPair(a, b)}:${hexPair(c, d)}`,
  `::ffff:0:${hexPair(a, b)}:${hexPair(c, d)}`,
  `64:ff9b::${hexPair(a, b)}:${hexPair(c, d)}`,
  `64:ff9b:1::${hexPair(a, b)}:${hexPair(c, d)}`,
  `2002:${hexPair(a, b)}:${hexPair(c, d)}::1`,
];
type Octets = [number, number, number, number];
const octet = fc.nat({ max: 255 });
const ipv4: fc.Arbitrary<Octets> = fc.tuple(octet, octet, octet, octet);

describe('targetAddressPolicy', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::a9fe:a9fe',
    '2001::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:a9fe:a9fe::',
    '3fff::1',
    '4000::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
  ])('refuses %s', (address) => {
    expect(publicOnly(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:810::200e',
    '::ffff:1.1.1.1',
  ])('admits %s, which is public', (address) => {
    expect(publicOnly(address)).toBe(true);
  });

  it.each(['', 'localhost', 'example.com', '1.2.3.4.5', '256.1.1.1', ':::', '127.0.0.1 '])(
    'refuses %j, which is no address',
    (text) => {
      expect(targetAddressPolicy(['0.0.0.0/0', '::/0'])(text)).toBe(false);
    },
  );

  it('judges an IPv4-mapped address as the IPv4 address that would be connected to', () => {
    fc.assert(
      fc.property(ipv4, (octets) => {
        for (const policy of [publicOnly, loopbackToo, targetAddressPolicy(['10.0.0.0/8'])]) {
          expect(policy(mapped(octets))).toBe(policy(octets.join('.')));
        }
      }),
    );
  });

  it('refuses every other IPv6 form of every IPv4 address, allowed networks or not', () => {
    const everyIpv4 = targetAddressPolicy(['0.0.0.0/0']);
    fc.assert(
      fc.property(ipv4, (octets) => {
        for (const address of carried(octets)) {
          expect([address, publicOnly(address), everyIpv4(address)]).toEqual([address, false, false]);
        }
      }),
    );
  });

  it('admits by an allowed network exactly what it contains', () => {
    const policy = targetAddressPolicy(['10.20.0.0/16', 'fd12::/16']);
    fc.assert(
      fc.property(ipv4, ([, b, c, d]) => {
        expect(policy([10, b, c, d].join('.'))).toBe(b === 20);
        expect(policy(mapped([10, b, c, d]))).toBe(b === 20);
      }),
    );
    expect(policy('10.20.0.0')).toBe(true);
    expect(policy('10.20.255.255')).toBe(true);
    expect(policy('10.21.0.0')).toBe(false);
    expect(policy('10.19.255.255')).toBe(false);
    expect(policy('fd12::1')).toBe(true);
    expect(policy('fd13::1')).toBe(false);
    expect(policy('127.0.0.1')).toBe(false);
    expect(policy('169.254.169.254')).toBe(false);
  });

  it.each(['::ffff:10.20.0.0/112', '::ffff:0a14:0/112', '::FFFF:10.20.255.1/112'])(
    'takes the IPv4-mapped network %s for 10.20.0.0/16',
    (network) => {
      const policy = targetAddressPolicy([network]);
      for (const address of ['10.20.0.1', '::ffff:10.20.255.255']) expect(policy(address)).toBe(true);
      for (const address of ['10.21.0.1', '127.0.0.1', '::ffff:10.21.0.1'])
        expect(policy(address)).toBe(false);
      expect(targetAddressPolicy(['::/0'])('10.20.0.1')).toBe(false);
    },
  );

  it('refuses to start with a network that is none', () => {
    expect(() => targetAddressPolicy(['10.0.0.0'])).toThrow();
    expect(() => targetAddressPolicy(['10.0.0.0/33'])).toThrow();
    expect(() => targetAddressPolicy(['localhost/8'])).toThrow();
  });
});

describe('targetUrlFault', () => {
  const LOOPBACK_SPELLINGS = [
    'http://127.0.0.1/',
    'http://127.1/',
    'http://127.0.1:8080/hook',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://１２７.０.０.１/',
    'http://127。0。0。1/',
    'http://①②⑦.0.0.1/',
    'http:127.0.0.1/',
    'http:\\\\127.0.0.1\\',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]:8443/',
    'http://[0:0:0:0:0:ffff:7f00:0001]/',
    'http://localhost/',
    'http://LOCALHOST:3000/',
    'http://localhost./',
    'http://api.localhost/',
    'http://ⓛocalhost/',
  ];

  it.each(LOOPBACK_SPELLINGS)('sees through %s', (url) => {
    expect(targetUrlFault(url, publicOnly)).toMatch(/^The target address \S+ is not allowed/);
    expect(targetUrlFault(url, loopbackToo)).toBeUndefined();
  });

  it.each([
    'http://0.0.0.0/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://10.0.0.8/',
    'http://100.64.1.1/',
    'http://224.0.0.1/',
    'https://255.255.255.255/',
  ])('refuses %s, also where loopback is allowed', (url) => {
    expect(targetUrlFault(url, loopbackToo)).toMatch(/is not allowed \(see DELIVERY_ALLOWED_NETWORKS\)\.$/);
  });

  it.each([
    'http://example.com',
    'https://example.com:8443/hooks?a=1#part',
    'https://bücher.example/',
    'https://example.com./',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
    'https://notlocalhost/',
    'https://localhost.example.com/',
  ])('finds nothing wrong with %s before its name is looked up', (url) => {
    expect(targetUrlFault(url, publicOnly)).toBeUndefined();
  });

  it.each([
    '',
    'example.com/hooks',
    '/hooks',
    'http://',
    'http://exa mple.com/',
    'http://256.1.1.1/',
    'http://127.0.0.1:99999/',
    'http://[::1/',
    'http://[fe80::1%25eth0]/',
  ])('%j is no URL', (url) => {
    expect(targetUrlFault(url, loopbackToo)).toBe('Enter a valid URL.');
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ws://example.com/',
    'gopher://127.0.0.1/',
  ])('refuses the scheme of %s', (url) => {
    expect(targetUrlFault(url, loopbackToo)).toBe('Enter a valid URL: only http and https are sent to.');
  });

  it.each([
    'http://user@example.com/',
    'http://user:secret@example.com/',
    'http://:secret@example.com/',
    'http://example.com@127.0.0.1/',
  ])('refuses the user name or password in %s', (url) => {
    expect(targetUrlFault(url, loopbackToo)).toMatch(/^Enter a URL without user name and password/);
  });
});

describe('hostOf', () => {
  it.each([
    ['http://[::1]:8080/', '::1'],
    ['http://Example.com./', 'example.com'],
    ['http://127.0.0.1./', '127.0.0.1'],
  ])('of %s is %s', (url, host) => {
    expect(hostOf(new URL(url))).toBe(host);
  });
});
