import { targetAddressPolicy } from '@oms-webhooks/domain';
import { startNameServer, type NameServer } from '../../../../tests/environment/dns-server.ts';
import { checkTarget } from './check-target.ts';

describe('a target, when it is saved', () => {
  let names: NameServer;
  beforeAll(async () => {
    names = await startNameServer();
  });
  afterAll(() => names.close());

  /** What is said of a target at `partner.test`. Public addresses are allowed; nothing is connected to. */
  const saidOf = (url = 'https://partner.test/hook') =>
    checkTarget(targetAddressPolicy(['10.20.0.0/16']), names.lookUp)(url);
  const notAllowed = (address: string) =>
    `The target address ${address} is not allowed (see DELIVERY_ALLOWED_NETWORKS).`;

  it('is taken where all its addresses are allowed', async () => {
    names.has('partner.test', ['93.184.216.34', '2606:2800:220:1::1', '10.20.30.40']);
    expect(await saidOf()).toBeUndefined();
  });

  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['10.21.0.1', ['93.184.216.34', '10.21.0.1']],
    ['169.254.169.254', ['169.254.169.254', '93.184.216.34']],
    ['fd00::1', ['93.184.216.34', 'fd00::1']],
    ['::ffff:127.0.0.1', ['::ffff:127.0.0.1']],
  ])('is refused for %s, even if it has others', async (address, addresses) => {
    names.has('partner.test', addresses);
    expect(await saidOf()).toBe(notAllowed(address));
  });

  it('is refused for where its alias leads', async () => {
    names.has('inner.test', ['192.168.1.1']);
    names.has('partner.test', ['inner.test']);
    expect(await saidOf()).toBe(notAllowed('192.168.1.1'));
  });

  it('is judged by the name without the dot at its end', async () => {
    names.has('partner.test', ['127.0.0.1']);
    expect(await saidOf('https://partner.test./hook')).toBe(notAllowed('127.0.0.1'));
  });

  it.each(['none', 'silence'] as const)(
    'is taken where its name has no address now (%s): it is judged when it is connected to',
    async (answer) => {
      names.has('partner.test', answer);
      expect(await saidOf()).toBeUndefined();
    },
  );
});
