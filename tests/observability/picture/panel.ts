/** What the picture reads of a panel of the dashboard. */
export interface Panel {
  type: 'row' | 'stat' | 'timeseries';
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: {
    defaults: {
      unit?: string;
      /** Shown where a query finds nothing. */
      noValue?: string;
      custom?: { stacking?: { mode: string }; scaleDistribution?: { type: string } };
    };
  };
  targets?: { expr: string; legendFormat?: string }[];
}

/** A line of a panel, with the name that its legend shows. */
export interface Line {
  name: string;
  points: [number, number][];
}

/** `{{label}}` in a legend is that label of the series. */
export const legend = (format: string | undefined, labels: Record<string, string>): string =>
  (format ?? '').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => labels[name] ?? '');

const SECONDS: [number, string][] = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
];
const BYTES: [number, string][] = [
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, 'B'],
];
const COUNT: [number, string][] = [
  [1e6, 'M'],
  [1e3, 'K'],
  [1, ''],
];
const SCALES: Record<string, { steps: [number, string][]; after: string }> = {
  s: { steps: SECONDS, after: '' },
  bytes: { steps: BYTES, after: '' },
  percentunit: { steps: [[0.01, '%']], after: '' },
  cps: { steps: COUNT, after: ' c/s' },
  reqps: { steps: COUNT, after: ' req/s' },
  short: { steps: COUNT, after: '' },
};

/** A value in its unit, as Grafana writes it: `12.5 ms`, `104 MiB`, `3.1 K`. */
export function shown(value: number, unit = 'short'): string {
  const { steps, after } = SCALES[unit] ?? SCALES['short']!;
  const size = Math.abs(value);
  const [factor, name] = steps.find(([from]) => size >= from) ?? steps.at(-1)!;
  const text = String(Number((value / factor).toPrecision(3)));
  return value === 0 ? `0${after}` : `${text}${name && ` ${name}`}${after}`;
}
