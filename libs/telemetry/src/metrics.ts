import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of one process. Names carry their unit (`_seconds`, `_bytes`, `_total`). */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /**
   * `collect` is asked at each scrape, for values that are looked up rather than kept. Where it throws the metric has no
   * value: a scrape tells what can be told.
   */
  gauge<L extends string = never>(
    name: string,
    help: string,
    options?: { labels?: readonly L[]; collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>;
  /** `buckets` are upper bounds, in the unit of the name. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    options: { labels?: readonly L[]; buckets: number[] },
  ): Histogram<L>;
  /** The body of `GET /metrics`. */
  text(): Promise<string>;
  /** Its `Content-Type`. */
  contentType: string;
}

/** A registry of its own, with Node's process metrics in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: labels, registers }),
    gauge: (name, help, { labels = [], collect } = {}) =>
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(collect && {
          async collect() {
            try {
              await collect(this);
            } catch {
              if (labels.length > 0) this.reset();
              else this.remove();
            }
          },
        }),
      }),
    histogram: (name, help, { labels = [], buckets }) =>
      new Histogram({ name, help, labelNames: labels, buckets, registers }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

export type { Counter, Gauge, Histogram };
