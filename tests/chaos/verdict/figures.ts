/** The value that a share of all are not above; null of nothing. */
function percentile(values: number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

export interface Spread {
  count: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
}

export const spread = (values: number[]): Spread => ({
  count: values.length,
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
  max: percentile(values, 1),
});
