import type { DispatchedEvent } from '@oms-webhooks/domain';
import type { Job, Lane } from './lane.ts';

/** Events of one lane that may await their resources at once, as a multiple of what it may have in flight. */
const LANE_FACTOR = 8;

export interface AwaitedResourcesOptions {
  /** Resolves when the resource of an event is there, or cannot be had. Never rejects. */
  find: (event: DispatchedEvent) => Promise<void>;
  /** An event may be attempted now. */
  ready: (lane: Lane, job: Job) => void;
  /** Requests in flight per webhook. */
  webhookConcurrency: number;
}

/**
 * Events that had their turn and wait for their resource. They take no place of the requests in flight and none of the
 * queue: however slow the OMS API is, events that need nothing of it go on.
 */
export class AwaitedResources {
  readonly #options: AwaitedResourcesOptions;
  readonly #lanes = new Map<Job, Lane>();
  readonly #over = new WeakSet<Job>();

  constructor(options: AwaitedResourcesOptions) {
    this.#options = options;
  }

  get jobs(): Job[] {
    return [...this.#lanes.keys()];
  }

  /** Whether an event needs its resource and has not waited for it. */
  needs(job: Job): boolean {
    return job.event.payload === null && !this.#over.has(job);
  }

  /** @returns false where too many events of the lane are waiting already */
  add(lane: Lane, job: Job): boolean {
    if (lane.awaiting >= this.#options.webhookConcurrency * LANE_FACTOR) return false;
    lane.awaiting += 1;
    this.#lanes.set(job, lane);
    void this.#options.find(job.event).then(() => {
      this.#over.add(job);
      if (!this.#lanes.delete(job)) return;
      lane.awaiting -= 1;
      this.#options.ready(lane, job);
    });
    return true;
  }

  takeAll(): Job[] {
    const jobs = this.jobs;
    this.#lanes.clear();
    return jobs;
  }
}
