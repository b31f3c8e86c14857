import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  createAuthority,
  type Certificate,
  type CertificateAuthority,
} from '../environment/certificate-authority.ts';
import { startProxy, type Proxy } from '../environment/proxy.ts';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import { startSystem, type System } from './system.ts';

const PATIENTLY = { withinMs: 30_000 };

describe('Targets behind an egress proxy, some with certificates of an authority of our own', () => {
  let authority: CertificateAuthority;
  let proxy: Proxy;
  let system: System;
  let target: Target;
  const servers: Server[] = [];

  beforeAll(async () => {
    authority = createAuthority();
    proxy = await startProxy();
    target = await startTarget();
    system = await startSystem({
      environment: {
        DELIVERY_TIMEOUT_MS: '6000',
        DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8,::1',
        DELIVERY_CA_FILE: authority.file,
        DELIVERY_PROXY_URL: `http://oms:swordfish@127.0.0.1:${proxy.port}`,
        // Switches verification off for Node: what is sent to targets must not follow it.
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      },
    });
  });
  afterAll(async () => {
    await system.close();
    await Promise.all([proxy.close(), target.close()]);
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    authority.close();
  });

  async function tlsTarget(certificate: Certificate): Promise<string> {
    const server = createServer(certificate, (_, response) => void response.end('over TLS'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `https://localhost:${(server.address() as AddressInfo).port}/hook`;
  }
  const oneAttempt = { config: { max_attempts: 1, recovery_attempts: 0 } };
  const published = async (url: string, fields: object = oneAttempt) => {
    const { id } = await system.api.createHook(url, fields);
    return system.api.publish(id, { pk: 1, data: {} });
  };
  const inState = (uuid: string, state: string) =>
    eventually(
      async () => {
        const event = await system.api.event(uuid);
        return event.state === state ? event : undefined;
      },
      { ...PATIENTLY, what: `state ${state}` },
    );
  const said = (message: string) => system.dispatcher.lines.filter((line) => line.message === message);

  it('get their events, through the proxy', async () => {
    const delivered = await inState(
      await published(await tlsTarget(authority.issue('localhost'))),
      'delivered',
    );
    expect(delivered.response_content).toBe('over TLS');
    expect(proxy.asked.at(-1)?.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('oms:swordfish').toString('base64')}`,
    );
  });

  it('get nothing where their certificate vouches for itself', async () => {
    const { id } = await inState(
      await published(await tlsTarget(authority.selfSigned('localhost'))),
      'exhausted',
    );
    const { json } = await system.api.get(`${EVENTS}${id}/attempts/`);
    expect(json.results).toMatchObject([
      { error_kind: 'tls', response_content: expect.stringContaining('SELF_SIGNED') as string },
    ]);
  });

  it('are not charged with an outage of the proxy: their events wait for it, without an attempt', async () => {
    target.answer((response, { path }) =>
      path === '/login' ? response.end('{"key":"k"}') : respond(200)(response, undefined as never, 0),
    );
    const auth = { auth_type: 'token', url: `${target.url}/login`, username: 'u', password: 'p' };
    const { port } = proxy;
    await proxy.close();
    const uuids = [
      await published(`${target.url}/plain`),
      await published(`${target.url}/after-log-in`, { config: { ...oneAttempt.config, auth } }),
    ];
    await eventually(() => said('the egress proxy fails; events wait for it').length > 0, PATIENTLY);
    const { rows } = await eventually(async () => {
      const parked = await system.database.pool.query(
        'SELECT FROM webhook_event WHERE uuid = ANY ($1) AND NOT in_flight AND attempts = 0',
        [uuids],
      );
      return parked.rowCount === 2 ? parked : undefined;
    }, PATIENTLY);
    expect(rows).toHaveLength(2);
    for (const uuid of uuids)
      expect(await system.api.event(uuid)).toMatchObject({ state: 'pending', retry_count: null });
    expect((await fetch(`${system.dispatcher.url}/readyz`)).status).toBe(200);

    proxy = await startProxy({ port });
    for (const uuid of uuids) expect(await inState(uuid, 'delivered')).toMatchObject({ retry_count: 1 });
    expect(target.received.find(({ path }) => path === '/after-log-in')?.headers.authorization).toBe(
      'Token k',
    );
    expect(said('the egress proxy fails; events wait for it')).toHaveLength(1);
    expect(said('the egress proxy works again')).toHaveLength(1);
  }, 120_000);

  it('do not learn the password of the proxy, nor does anybody from the logs', () => {
    expect(JSON.stringify(target.received)).not.toContain('swordfish');
    expect(JSON.stringify(system.dispatcher.lines)).not.toContain('swordfish');
    expect(said('settings')[0]?.settings).toMatchObject({
      DELIVERY_PROXY_URL: { origin: `http://127.0.0.1:${proxy.port}` },
      DELIVERY_CA_FILE: { file: authority.file },
    });
  });
});
