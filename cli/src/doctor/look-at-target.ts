import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { readSettings, variables } from '@oms-webhooks/config';
import { addressFault, hostOf, targetAddressPolicy, targetUrlFault } from '@oms-webhooks/domain';
import { bad, doubtful, good, reasonOf, type Finding } from './finding.ts';

const LIMIT_MS = 5000;
/** What `oms-webhooks start` allows on its embedded database. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Whether events could be sent to a URL: the rules for targets by this shell's settings, its name, a connection. */
export async function lookAtTarget(text: string, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const what = 'Target';
  const { DELIVERY_ALLOWED_NETWORKS } = variables;
  const isLocal =
    environment.DATABASE_URL === undefined && environment.DELIVERY_ALLOWED_NETWORKS === undefined;
  const networks = isLocal
    ? LOOPBACK
    : readSettings(environment, { DELIVERY_ALLOWED_NETWORKS }).DELIVERY_ALLOWED_NETWORKS;
  const allowed = targetAddressPolicy(networks);
  const fault = targetUrlFault(text, allowed);
  if (fault !== undefined)
    return bad(what, fault, 'Choose another URL, or allow its network for both services.');
  const url = new URL(text);
  try {
    const addresses = await lookup(hostOf(url), { all: true });
    const forbidden = addresses.find(({ address }) => !allowed(address));
    if (forbidden)
      return bad(
        what,
        addressFault(forbidden.address),
        'Allow its network for both services, if that is meant.',
      );
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    await opened(addresses[0]?.address ?? '', port);
    return good(what, `${url.host} is allowed, and takes connections`);
  } catch (error) {
    return doubtful(
      what,
      `is allowed, but: ${reasonOf(error)}`,
      'Is the receiver up? oms-webhooks listen is one to try with.',
    );
  }
}

function opened(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    socket.once('connect', () => resolve(void socket.destroy()));
    socket.once('timeout', () => socket.destroy(new Error(`no connection within ${LIMIT_MS} ms`)));
    socket.once('error', reject);
  });
}
