import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { EgressProxy } from './egress-proxy.ts';
import type { TargetLookUp } from './target-look-up.ts';

export interface TargetAgentOptions {
  lookUp: TargetLookUp;
  connectTimeoutMs: number;
  /** What targets' certificates are verified against; the usual authorities unless told. */
  trust?: SecureContext | undefined;
  /** What targets are reached through. */
  proxy?: EgressProxy | undefined;
}

/** The usual authorities and these. Made once: reading 150 certificates for each connection would cost more than TLS. */
export function trustIn(certificates: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, ...certificates] });
}

/**
 * The HTTP client for everything whose URL comes from outside. The address is judged where it is used: the look-up
 * hands over only what the policy allows, so a name that changes its answer cannot slip through between a check and
 * the connection; a literal address never reaches a look-up and is judged by itself. Certificates are verified,
 * whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 */
export function targetAgent({ lookUp, connectTimeoutMs, trust, proxy }: TargetAgentOptions): Agent {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    lookup: lookUp.lookup,
    rejectUnauthorized: true,
    ...(trust && { secureContext: trust }),
  });
  return new Agent({
    // No limit of connections here: it would be one per host, which webhooks share. Lanes bound what is in flight.
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: proxy ? throughProxy(proxy, lookUp, connect) : directly(lookUp, connect),
  });
}

function directly(lookUp: TargetLookUp, connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    try {
      lookUp.requireAllowed(hostOf(target));
    } catch (error) {
      return callback(error as Error, null);
    }
    connect(target, callback);
  };
}

/** The proxy is asked for an address that was judged here, so it looks up nothing. TLS is with the target, by its name. */
function throughProxy(
  proxy: EgressProxy,
  lookUp: TargetLookUp,
  connect: buildConnector.connector,
): buildConnector.connector {
  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    lookUp
      .addresses(hostOf(target))
      .then((addresses) => proxy.tunnel({ name: target.host ?? target.hostname, addresses, port }))
      .then(
        (socket) => {
          if (target.protocol === 'https:') connect({ ...target, httpSocket: socket }, callback);
          else callback(null, socket);
        },
        (error: Error) => callback(error, null),
      );
  };
}

const hostOf = ({ hostname }: buildConnector.Options) => hostname.replace(/^\[|\]$/g, '');
