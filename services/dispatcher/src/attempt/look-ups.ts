import { leaseSuffices, type DispatchedEvent, type Instant } from '@oms-webhooks/domain';
import { LookupError, type OmsResources } from './oms-resources.ts';

/** Requests to the OMS API at once. */
const AT_ONCE = 32;

export interface LookUpsOptions {
  resources: OmsResources;
  /** Time limit of the attempt that follows. */
  timeoutMs: number;
  now: () => Instant;
}

interface LookUp {
  resource: Promise<string>;
  /** Creation of the event for which it began; undefined until it has begun. */
  begunFor: Instant | undefined;
  /** The longest lease of those who wait for it. */
  lease: Instant;
}

/**
 * The resources of events that were published without them. Events that ask for the same one share a request, but none
 * takes an answer to a request that may have been made before the event itself: it would say how things were before.
 */
export class LookUps {
  readonly #options: LookUpsOptions;
  readonly #byPath = new Map<string, LookUp>();
  /** By the event as it is held in memory, so that what nobody comes for goes with it. */
  readonly #found = new WeakMap<DispatchedEvent, Promise<string>>();
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(options: LookUpsOptions) {
    this.#options = options;
  }

  /** Resolves when `resource` has its answer, whichever it is. */
  async found(event: DispatchedEvent): Promise<void> {
    await this.resource(event).catch(() => undefined);
  }

  /**
   * The resource of an event, as its JSON source text.
   * @throws LookupError saying which request failed and how
   */
  resource(event: DispatchedEvent): Promise<string> {
    return this.#found.get(event) ?? this.#find(event);
  }

  #find(event: DispatchedEvent): Promise<string> {
    const resource = this.#ask(event);
    this.#found.set(event, resource);
    return resource;
  }

  async #ask(event: DispatchedEvent): Promise<string> {
    return this.#share(this.#options.resources.pathOf(event), event);
  }

  #share(path: string, event: DispatchedEvent): Promise<string> {
    const known = this.#byPath.get(path);
    if (known && event.createdDate <= (known.begunFor ?? Infinity)) {
      known.lease = Math.max(known.lease, event.lease);
      return known.resource;
    }
    const lookUp: LookUp = { resource: Promise.resolve(''), begunFor: undefined, lease: event.lease };
    lookUp.resource = this.#inTurn(path, event, lookUp).finally(() => {
      if (this.#byPath.get(path) === lookUp) this.#byPath.delete(path);
    });
    this.#byPath.set(path, lookUp);
    return lookUp.resource;
  }

  async #inTurn(path: string, event: DispatchedEvent, lookUp: LookUp): Promise<string> {
    const { resources, timeoutMs, now } = this.#options;
    if (this.#underWay >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      // An event that has waited too long is given back, and asks again when it returns.
      if (!leaseSuffices(lookUp.lease, now(), timeoutMs)) {
        throw new LookupError(`GET ${path} at the OMS API: its turn did not come in time`);
      }
      lookUp.begunFor = event.createdDate;
      return await resources.fetch(path);
    } finally {
      // The place goes to the next in turn.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }
}
