/** What is asked of the system. */
export interface Load {
  /** Webhook events a second, on average over a day. */
  rate: number;
  /** The busiest minutes, as a multiple of that. */
  peakFactor: number;
  /** How long targets take to answer, ms. */
  targetMs: number;
  /** Requests sent for an event: 1 where nothing fails. */
  attempts: number;
  /** The share of all events that the busiest webhook gets. */
  busiestShare: number;
  payloadBytes: number;
  retentionDays: number;
}

/** What stands for an order-management system where nothing else is known. */
export const USUAL_LOAD: Load = {
  rate: 100,
  peakFactor: 3,
  targetMs: 200,
  attempts: 1.1,
  busiestShare: 0.1,
  payloadBytes: 1024,
  retentionDays: 84,
};

/** What a dispatcher may have in flight, as its settings of the same name say. */
export interface Concurrency {
  DELIVERY_CONCURRENCY: number;
  WEBHOOK_CONCURRENCY: number;
}

export const DEFAULT_CONCURRENCY: Concurrency = { DELIVERY_CONCURRENCY: 1024, WEBHOOK_CONCURRENCY: 32 };
