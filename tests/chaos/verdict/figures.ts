export interface Spread {
  count: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
}

export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Each is the value that a share of all are not above. @param values at least one */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The same of what may be nothing. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) return { count: 0, p50: null, p99: null, max: null };
  const { count, p50, p99, max } = percentiles(values);
  return { count, p50, p99, max };
}
