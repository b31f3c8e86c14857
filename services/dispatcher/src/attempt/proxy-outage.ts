import type { Log } from '@oms-webhooks/telemetry';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long the proxy's word that it cannot reach a target is taken for its own fault, whatever else it reaches. */
const PATIENCE_MS = 60_000;
/** Events of a target that the proxy does not reach wait this long. */
const UNREACHED_PAUSE_MS = 5_000;
/** Targets that are remembered as not reached. */
const MOST_TARGETS = 10_000;

/**
 * Whether the egress proxy works, and whose fault it is where it does not. While it is away nobody asks it but once in a
 * growing pause.
 */
export class ProxyOutage {
  readonly #options: { proxy: string; now: () => number; log: Log };
  /** Targets that the proxy says it cannot reach, and since when. */
  readonly #unreached = new Map<string, number>();
  #lastOpened = -Infinity;
  #pauseMs = 0;
  #pausedUntil = 0;

  /** @param options.now milliseconds, any origin */
  constructor(options: { proxy: string; now: () => number; log: Log }) {
    this.#options = options;
  }

  /** Milliseconds until the proxy is worth asking again; 0 for now. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - this.#options.now());
  }

  /** Milliseconds that an event which the proxy did not take should wait. */
  get waitMs(): number {
    return this.pauseMs || UNREACHED_PAUSE_MS;
  }

  /** The proxy opened a tunnel to a target. */
  opened(target: string): void {
    const { now, log, proxy } = this.#options;
    this.#unreached.delete(target);
    this.#lastOpened = now();
    if (this.#pauseMs === 0) return;
    this.#pauseMs = 0;
    this.#pausedUntil = 0;
    log.info('the egress proxy works again', { proxy });
  }

  /** The proxy is away, or does not want us. */
  failed(error: Error): void {
    const { now, log, proxy } = this.#options;
    if (this.#pauseMs === 0) log.warn('the egress proxy fails; events wait for it', { proxy, error });
    // Those that had asked before the pause began find the same outage.
    if (this.pauseMs > 0) return;
    this.#pauseMs = Math.min(this.#pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.#pausedUntil = now() + this.#pauseMs;
  }

  /**
   * The proxy says that it cannot reach a target (502, 503, 504), which proxies say of their own troubles too. It is
   * taken for the proxy's, until it has gone on for a minute in which the proxy reached others.
   * @returns whether it is the target's
   */
  unreached(target: string, error: Error): boolean {
    const { now, log, proxy } = this.#options;
    const since = this.#unreached.get(target);
    if (since !== undefined) return now() - since > PATIENCE_MS && this.#lastOpened > since;
    if (this.#unreached.size >= MOST_TARGETS) this.#unreached.clear();
    this.#unreached.set(target, now());
    log.warn('the egress proxy does not reach a target; its events wait', { proxy, target, error });
    return false;
  }
}
