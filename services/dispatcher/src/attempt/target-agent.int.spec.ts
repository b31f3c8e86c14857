import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import { targetAddressPolicy } from '@oms-webhooks/domain';
import {
  createAuthority,
  type Certificate,
  type CertificateAuthority,
} from '../../../../tests/environment/certificate-authority.ts';
import { startNameServer, type NameServer } from '../../../../tests/environment/dns-server.ts';
import { send } from './send.ts';
import { targetAgent, trustIn } from './target-agent.ts';
import { TargetLookUp } from './target-look-up.ts';

/** Loopback is divided in two: a test must not send anything to a network that is really forbidden. */
const ALLOWED = '127.0.0.1';
const FORBIDDEN = '127.0.0.2';

let names: NameServer;
beforeAll(async () => {
  names = await startNameServer();
});
afterAll(() => names.close());

/** Sends one request over connections of its own. */
async function sent(
  url: string,
  { timeoutMs = 20_000, trust }: { timeoutMs?: number; trust?: SecureContext } = {},
) {
  const lookUp = new TargetLookUp(targetAddressPolicy([`${ALLOWED}/32`]), names.lookUp);
  const agent = targetAgent({ lookUp, connectTimeoutMs: timeoutMs, trust });
  try {
    return await send(
      { url, headers: { 'Content-Type': 'application/json' }, body: Buffer.from('{}') },
      { agent, timeoutMs, now: () => performance.now() * 1000 },
    );
  } finally {
    await agent.destroy();
  }
}

describe('the address that is connected to', () => {
  let servers: Server[];
  let port: number;
  /** Connections by the address they came in at. */
  let arrived: Record<string, number>;

  beforeEach(async () => {
    arrived = { [ALLOWED]: 0, [FORBIDDEN]: 0 };
    port = 0;
    servers = [];
    for (const address of [ALLOWED, FORBIDDEN]) {
      const server = createServer((_, response) => void response.end(address));
      server.on('connection', () => (arrived[address] = (arrived[address] ?? 0) + 1));
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(port, address, resolve),
      );
      port = (server.address() as AddressInfo).port;
      servers.push(server);
    }
  });
  afterEach(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));

  const ofPartner = () => sent(`http://partner.test:${port}/`);
  const delivered = { kind: 'answered', status: 200, content: Buffer.from(ALLOWED) };
  const blocked = { kind: 'failed', failure: 'blocked' };

  it('is judged at each connection: a name that changes its answer is blocked from then on', async () => {
    names.has('partner.test', [ALLOWED], [FORBIDDEN], [ALLOWED]);
    expect(await ofPartner()).toMatchObject(delivered);
    expect(await ofPartner()).toMatchObject({
      ...blocked,
      error: `The target address ${FORBIDDEN} is not allowed (see DELIVERY_ALLOWED_NETWORKS).`,
    });
    expect(await ofPartner()).toMatchObject(delivered);
    expect(arrived).toEqual({ [ALLOWED]: 2, [FORBIDDEN]: 0 });
  });

  it('is never a forbidden one among several, whatever their order', async () => {
    names.has('partner.test', [FORBIDDEN, ALLOWED], [ALLOWED, FORBIDDEN], ['::1', FORBIDDEN, ALLOWED]);
    for (let round = 0; round < 3; round += 1) expect(await ofPartner()).toMatchObject(delivered);
    expect(arrived).toEqual({ [ALLOWED]: 3, [FORBIDDEN]: 0 });
  });

  it.each([
    ['an alias', ['inner.test']],
    ['an IPv6 address', ['::1']],
    ['an IPv4-mapped one', [`::ffff:${FORBIDDEN}`]],
    ['all of its own', [FORBIDDEN, '127.0.0.3', '::1']],
  ])('is not reached by %s', async (_, answer) => {
    names.has('inner.test', [FORBIDDEN]);
    names.has('partner.test', answer);
    expect(await ofPartner()).toMatchObject(blocked);
    expect(arrived).toEqual({ [ALLOWED]: 0, [FORBIDDEN]: 0 });
  });

  it('is found through an alias of an allowed one', async () => {
    names.has('inner.test', [ALLOWED]);
    names.has('partner.test', ['inner.test']);
    expect(await ofPartner()).toMatchObject(delivered);
  });

  it.each([FORBIDDEN, '127.2', '0x7f000002', '[::ffff:127.0.0.2]', '[::1]'])(
    'is judged also where the URL has it: %s',
    async (host) => {
      expect(await sent(`http://${host}:${port}/`)).toMatchObject(blocked);
      expect(arrived[FORBIDDEN]).toBe(0);
    },
  );

  it('is none for a name that does not exist', async () => {
    names.has('partner.test', 'none');
    expect(await ofPartner()).toMatchObject({ kind: 'failed', failure: 'dns' });
  });

  it('is waited for no longer than for the whole request', async () => {
    names.has('partner.test', 'silence');
    expect(await sent(`http://partner.test:${port}/`, { timeoutMs: 200 })).toMatchObject({
      kind: 'failed',
      failure: 'timeout',
    });
  });
});

describe('the certificate of a target', () => {
  let authority: CertificateAuthority;
  let trust: SecureContext;
  beforeAll(() => {
    authority = createAuthority();
    trust = trustIn([authority.certificate]);
    names.has('partner.test', [ALLOWED]);
  });
  afterAll(() => authority.close());

  async function sentTo(certificate: Certificate, trusted: SecureContext | undefined = trust) {
    const server = createTlsServer(certificate, (_, response) => void response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, ALLOWED, resolve));
    try {
      return await sent(`https://partner.test:${(server.address() as AddressInfo).port}/`, {
        ...(trusted && { trust: trusted }),
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const refused = (error: RegExp) => ({
    kind: 'failed',
    failure: 'tls',
    error: expect.stringMatching(error) as string,
  });

  it('may be of an authority in DELIVERY_CA_FILE', async () => {
    expect(await sentTo(authority.issue('partner.test'))).toMatchObject({ kind: 'answered', status: 200 });
  });

  it.each([
    [
      'of an unknown authority',
      () => sentTo(authority.issue('partner.test'), trustIn([])),
      /unable to verify|UNABLE_TO/,
    ],
    ['for another host', () => sentTo(authority.issue('other.test')), /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['that has expired', () => sentTo(authority.issue('partner.test', -1)), /CERT_HAS_EXPIRED/],
    ['that vouches for itself', () => sentTo(authority.selfSigned('partner.test')), /SELF_SIGNED/],
  ])('is refused %s', async (_, attempt, words) => {
    expect(await attempt()).toMatchObject(refused(words));
  });
});
