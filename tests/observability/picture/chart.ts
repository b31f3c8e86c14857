import { shown, type Line, type Panel } from './panel.ts';

const COLOURS = ['#1f7a4d', '#b8860b', '#2b6cb0', '#c2410c', '#6b46c1', '#0f766e', '#be185d', '#4d5b6a'];
const LEFT = 62;
const BOTTOM = 16;
const TOP = 6;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A panel of lines as SVG, in pixels, over the seconds of `span`. */
export function chart(
  panel: Panel,
  lines: Line[],
  { width, height, start, end }: { width: number; height: number; start: number; end: number },
): string {
  const { unit, custom } = panel.fieldConfig?.defaults ?? {};
  const drawn = custom?.stacking?.mode === 'normal' ? stacked(lines) : lines;
  const values = drawn.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const isLog = custom?.scaleDistribution?.type === 'log';
  const positive = values.filter((value) => value > 0);
  const [low, high] = isLog ? decades(positive) : [0, roundUp(Math.max(0, ...values))];
  const scale = isLog ? Math.log10 : (value: number) => value;
  const x = (at: number) => LEFT + ((at - start) / (end - start)) * (width - LEFT - 8);
  const y = (value: number) =>
    TOP +
    (height - TOP - BOTTOM) * (1 - (scale(Math.max(value, low)) - scale(low)) / (scale(high) - scale(low)));
  const ticks = isLog ? powersBetween(low, high) : [0, 0.25, 0.5, 0.75, 1].map((share) => share * high);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${LEFT}" x2="${width - 8}" y1="${y(tick)}" y2="${y(tick)}" class="grid"/>` +
      `<text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${escaped(shown(tick, unit))}</text>`,
  );
  const times = [0, 0.5, 1].map(
    (share) =>
      `<text x="${x(start + share * (end - start))}" y="${height - 2}" text-anchor="${['start', 'middle', 'end'][share * 2]}">` +
      `${Math.round(share * (end - start))} s</text>`,
  );
  const paths = drawn.map(({ points }, place) => {
    const path = points
      .filter(([, value]) => Number.isFinite(value) && (!isLog || value > 0))
      .map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    return `<path d="${path.join('')}" stroke="${COLOURS[place % COLOURS.length]!}"/>`;
  });
  return `<svg width="${width}" height="${height}">${grid.join('')}${times.join('')}${paths.join('')}</svg>`;
}

/** The names of the lines with their colours and last values. */
export const key = (lines: Line[], unit: string | undefined): string =>
  lines
    .map(({ name, points }, place) => {
      const last = points.findLast(([, value]) => Number.isFinite(value))?.[1];
      const value = last === undefined ? 'none' : shown(last, unit);
      return `<span><i style="background:${COLOURS[place % COLOURS.length]!}"></i>${escaped(name)} <b>${value}</b></span>`;
    })
    .join('');

/** Each line on top of those before it. */
function stacked(lines: Line[]): Line[] {
  const below = new Map<number, number>();
  return lines.map(({ name, points }) => ({
    name,
    points: points.map(([at, value]) => {
      below.set(at, (below.get(at) ?? 0) + value);
      return [at, below.get(at)!];
    }),
  }));
}

/** The next of 1, 2, 4, 5, 8, 10 and their multiples by ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 5, 8, 10].find((step) => step * power >= value * 0.999)!;
}

function decades(values: number[]): [number, number] {
  const low = 10 ** Math.floor(Math.log10(Math.min(1, ...values)));
  return [low, Math.max(low * 10, 10 ** Math.ceil(Math.log10(Math.max(...values, low))))];
}

function powersBetween(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let power = low; power <= high * 1.001; power *= 10) powers.push(power);
  return powers;
}
