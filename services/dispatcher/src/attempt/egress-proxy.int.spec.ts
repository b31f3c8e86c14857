import type { SecureContext } from 'node:tls';
import { createServer as createTlsServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { readSettings, variables } from '@oms-webhooks/config';
import { targetAddressPolicy } from '@oms-webhooks/domain';
import {
  createAuthority,
  type CertificateAuthority,
} from '../../../../tests/environment/certificate-authority.ts';
import { startNameServer, type NameServer } from '../../../../tests/environment/dns-server.ts';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { startProxy, type Proxy, type TunnelAnswer } from '../../../../tests/environment/proxy.ts';
import { startTarget, type Target } from '../../../../tests/environment/target.ts';
import { EgressProxy, EgressProxyError } from './egress-proxy.ts';
import { send } from './send.ts';
import { targetAgent, trustIn } from './target-agent.ts';
import { TargetLookUp } from './target-look-up.ts';

describe('A target behind an egress proxy', () => {
  let authority: CertificateAuthority;
  let names: NameServer;
  let target: Target;
  let tlsTarget: Server;
  let trust: SecureContext;
  let proxy: Proxy;
  let lines: { message: string; [field: string]: unknown }[];
  let ended: (() => Promise<void>)[];

  beforeAll(async () => {
    authority = createAuthority();
    trust = trustIn([authority.certificate]);
    names = await startNameServer();
    names.has('partner.test', ['127.0.0.1']);
    target = await startTarget();
    tlsTarget = createTlsServer(authority.issue('partner.test'), (_, response) => void response.end('tls'));
    await new Promise<void>((resolve) => tlsTarget.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    tlsTarget.closeAllConnections();
    await new Promise((resolve) => tlsTarget.close(resolve));
    await target.close();
    await names.close();
    authority.close();
  });
  beforeEach(async () => {
    proxy = await startProxy();
    lines = [];
    ended = [];
    target.received.length = 0;
  });
  afterEach(async () => {
    for (const end of ended) await end();
    await proxy.close();
  });

  /** Sends by a proxy at this URL; each call to the answer is another request over the same agent. */
  function through(DELIVERY_PROXY_URL: string, { timeoutMs = 20_000, allowed = '127.0.0.1/32' } = {}) {
    const { DELIVERY_PROXY_URL: given } = readSettings(
      { DELIVERY_PROXY_URL },
      { DELIVERY_PROXY_URL: variables.DELIVERY_PROXY_URL },
    );
    if (!given) throw new Error('no proxy');
    const at = (message: string, fields: object = {}) => void lines.push({ ...fields, message });
    const log = { debug: at, info: at, warn: at, error: at };
    const egress = new EgressProxy({ proxy: given, trust, timeoutMs, now: () => performance.now(), log });
    const lookUp = new TargetLookUp(targetAddressPolicy([allowed]), names.lookUp);
    const agent = targetAgent({ lookUp, connectTimeoutMs: timeoutMs, trust, proxy: egress });
    ended.push(() => agent.destroy());
    return (url: string) =>
      send(
        { url, headers: { 'Content-Type': 'application/json' }, body: Buffer.from('{"a":1}') },
        { agent, timeoutMs, now: () => performance.now() * 1000 },
      );
  }
  const proxyUrl = () => `http://127.0.0.1:${proxy.port}`;
  const named = () => target.url.replace('127.0.0.1', 'partner.test');
  const tlsUrl = (host = 'partner.test') => `https://${host}:${(tlsTarget.address() as AddressInfo).port}/`;

  it('is asked for by the address that was judged, and gets its request with its own name', async () => {
    expect(await through(proxyUrl())(`${named()}/hook`)).toMatchObject({ kind: 'answered', status: 200 });
    const authorities = proxy.asked.map((asked) => asked.authority);
    expect(authorities).toEqual([target.url.replace('http://', '')]);
    expect(target.received).toMatchObject([
      { path: '/hook', body: '{"a":1}', headers: { host: new URL(named()).host } },
    ]);
    expect(target.received[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it('is verified by its name where it speaks TLS', async () => {
    expect(await through(proxyUrl())(tlsUrl())).toMatchObject({
      kind: 'answered',
      content: Buffer.from('tls'),
    });
    names.has('other.test', ['127.0.0.1']);
    expect(await through(proxyUrl())(tlsUrl('other.test'))).toMatchObject({ kind: 'failed', failure: 'tls' });
  });

  it('is reached over the same tunnels again and again', async () => {
    const post = through(proxyUrl());
    for (let round = 0; round < 20; round += 1) expect(await post(named())).toMatchObject({ status: 200 });
    expect(proxy.asked.length).toBeLessThan(5);
  });

  it('may be behind a proxy that wants a log-in, or speaks TLS', async () => {
    await through(`http://oms:sword%20fish@127.0.0.1:${proxy.port}`)(named());
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('oms:sword fish').toString('base64')}`,
    );
    const secure = await startProxy({ certificate: authority.issue('localhost') });
    ended.push(() => secure.close());
    expect(await through(`https://localhost:${secure.port}`)(tlsUrl())).toMatchObject({ status: 200 });
  });

  it('is not asked for at all where its address is not allowed', async () => {
    names.has('inner.test', ['127.0.0.2'], ['127.0.0.2', '127.0.0.1']);
    const post = through(proxyUrl());
    for (const host of ['127.0.0.2', '[::1]', 'inner.test'])
      expect(await post(target.url.replace('127.0.0.1', host))).toMatchObject({ failure: 'blocked' });
    expect(proxy.asked).toEqual([]);
    expect(await post(target.url.replace('127.0.0.1', 'inner.test'))).toMatchObject({ status: 200 });
    const authorities = proxy.asked.map((asked) => asked.authority);
    expect(authorities).toEqual([target.url.replace('http://', '')]);
  });

  it.each<TunnelAnswer>([407, 429, 500, 502, 503, 504, 'hang up', 'silence'])(
    'is not charged with the proxy’s %s',
    async (answer) => {
      proxy.answer(() => answer);
      const post = through(`http://oms:swordfish@127.0.0.1:${proxy.port}`, { timeoutMs: 900 });
      const attempt = post(named());
      await expect(attempt).rejects.toThrow(EgressProxyError);
      await expect(attempt).rejects.not.toThrow(/swordfish/);
      expect(target.received).toEqual([]);
      expect(lines).toHaveLength(1);
      proxy.answer(() => 'open');
      expect(await post(named())).toMatchObject({ status: 200 });
    },
  );

  it('is not charged with a proxy that is away, which is told once until it is back', async () => {
    const port = await freePort();
    const post = through(`http://127.0.0.1:${port}`);
    for (let round = 0; round < 3; round += 1) await expect(post(named())).rejects.toThrow(/ECONNREFUSED/);
    const back = await startProxy({ port });
    ended.push(() => back.close());
    expect(await post(named())).toMatchObject({ status: 200 });
    expect(lines.map(({ message }) => message)).toEqual([
      'the egress proxy fails; events wait for it',
      'the egress proxy works again',
    ]);
  });

  it('is charged with what it does itself: hanging up, answering with an error', async () => {
    const post = through(proxyUrl());
    target.answer((response) => void response.destroy());
    expect(await post(named())).toMatchObject({ kind: 'failed', failure: 'connection' });
    target.answer((response) => void response.writeHead(502).end());
    expect(await post(named())).toMatchObject({ kind: 'answered', status: 502 });
    target.answer((response) => void response.writeHead(200).end());
    expect(lines).toEqual([]);
  });

  it('that the proxy forbids is a blocked one', async () => {
    proxy.answer(() => 403);
    expect(await through(proxyUrl())(named())).toMatchObject({
      failure: 'blocked',
      error: expect.stringMatching(/^The egress proxy answered 403/) as string,
    });
  });
});
