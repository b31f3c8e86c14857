import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { ProxyUrl } from '@oms-webhooks/config';
import type { Log } from '@oms-webhooks/telemetry';
import { ProxyOutage } from './proxy-outage.ts';
import { BlockedAddressError } from './target-look-up.ts';

/** The proxy failed, and not the target: nothing was sent, and it is no attempt. */
export class EgressProxyError extends Error {
  override name = 'EgressProxyError';
}

export interface EgressProxyOptions {
  proxy: ProxyUrl;
  /** What the certificate of an https proxy is verified against. */
  trust?: SecureContext | undefined;
  /** Of a whole attempt. */
  timeoutMs: number;
  /** Milliseconds, any origin. */
  now: () => number;
  log: Log;
}

/** Shares of an attempt's time, so that the proxy is found to hang before the attempt has failed by time. */
const CONNECTED_WITHIN = 1 / 3;
const ANSWERED_WITHIN = 2 / 3;
/** Addresses of one target that are tried, one after the other. */
const MOST_ADDRESSES = 3;

/** What came of asking the proxy. `away`: not even connected to; `silent`: it may be waiting for the target. */
type Answer =
  | { kind: 'opened'; socket: Socket }
  | { kind: 'refused'; status: number }
  | { kind: 'silent' | 'away'; text: string };

/**
 * An HTTP proxy that opens tunnels (CONNECT), also for targets without TLS: it is asked for an address, and sees of a
 * request to an https target nothing else.
 */
export class EgressProxy {
  readonly #options: EgressProxyOptions;
  readonly #outage: ProxyOutage;

  constructor(options: EgressProxyOptions) {
    this.#options = options;
    this.#outage = new ProxyOutage({ ...options, proxy: options.proxy.origin });
  }

  /** Milliseconds until the proxy is worth asking again; 0 for now. */
  get pauseMs(): number {
    return this.#outage.pauseMs;
  }

  /** Milliseconds that an event which the proxy did not take should wait. */
  get waitMs(): number {
    return this.#outage.waitMs;
  }

  /**
   * A connection to the first of a target's addresses that the proxy reaches. Rejects with `EgressProxyError` for the
   * proxy's own failures, with `BlockedAddressError` where it forbids the address, with another error for the target's.
   */
  async tunnel(target: { name: string; addresses: string[]; port: number }): Promise<Socket> {
    const { timeoutMs, now } = this.#options;
    const startedAt = now();
    let answer: Answer = { kind: 'silent', text: 'no time was left' };
    for (const address of target.addresses.slice(0, MOST_ADDRESSES)) {
      const authority = `${isIPv6(address) ? `[${address}]` : address}:${target.port}`;
      const leftMs = startedAt + timeoutMs * ANSWERED_WITHIN - now();
      if (leftMs > 0) answer = await this.#connect(authority, leftMs);
      if (answer.kind === 'opened') {
        this.#outage.opened(target.name);
        return answer.socket.setNoDelay(true).setKeepAlive(true, 60_000);
      }
      // Another address helps only where this one was not reached.
      if (answer.kind === 'away' || (answer.kind === 'refused' && answer.status < 500)) break;
    }
    throw this.#failure(target.name, answer);
  }

  #failure(target: string, answer: Exclude<Answer, { kind: 'opened' }>): Error {
    const said = answer.kind === 'refused' ? `answered ${answer.status}` : `failed (${answer.text})`;
    const text = `The egress proxy ${said} when asked for ${target}.`;
    const error = new EgressProxyError(text);
    if (answer.kind === 'away' || (answer.kind === 'refused' && [407, 429].includes(answer.status))) {
      this.#outage.failed(error);
      return error;
    }
    if (answer.kind === 'refused' && answer.status === 403) return new BlockedAddressError(text);
    const isTargets =
      (answer.kind === 'refused' && answer.status < 500) || this.#outage.unreached(target, error);
    return isTargets ? new Error(text) : error;
  }

  #connect(authority: string, limitMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const asked = this.#ask(authority);
      const endAfter = (ms: number) => setTimeout(() => asked.destroy(new Error('took too long')), ms);
      const connecting = endAfter(this.#options.timeoutMs * CONNECTED_WITHIN);
      const answering = endAfter(limitMs);
      let connected = false;
      asked.once('socket', (socket) =>
        socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
          connected = true;
          clearTimeout(connecting);
        }),
      );
      asked.once('close', () => {
        clearTimeout(connecting);
        clearTimeout(answering);
      });
      asked.once('connect', ({ statusCode: status = 0 }, socket: Socket, head: Buffer) => {
        clearTimeout(answering);
        if (status >= 200 && status <= 299) {
          if (head.length > 0) socket.unshift(head);
          return resolve({ kind: 'opened', socket });
        }
        socket.on('error', () => undefined).destroy();
        resolve({ kind: 'refused', status });
      });
      asked.once('error', ({ message, code = 'no answer' }: NodeJS.ErrnoException) =>
        resolve({ kind: connected ? 'silent' : 'away', text: message || code }),
      );
      asked.end();
    });
  }

  #ask(authority: string): ClientRequest {
    const { proxy, trust } = this.#options;
    const { protocol, hostname, port } = new URL(proxy.origin);
    const request = protocol === 'https:' ? httpsRequest : httpRequest;
    return request({
      method: 'CONNECT',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port || undefined,
      path: authority,
      agent: false,
      headers: {
        Host: authority,
        Connection: 'keep-alive',
        ...(proxy.authorization !== undefined && { 'Proxy-Authorization': proxy.authorization }),
      },
      rejectUnauthorized: true,
      ...(trust && { secureContext: trust }),
    });
  }
}
