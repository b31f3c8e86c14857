import { chart } from './chart.ts';
import { legend, shown, type Panel } from './panel.ts';

const panel = (custom: object = {}): Panel => ({
  type: 'timeseries',
  title: 'Some panel',
  gridPos: { x: 0, y: 0, w: 8, h: 8 },
  fieldConfig: { defaults: { unit: 'short', custom } },
});
const size = { width: 470, height: 122, start: 0, end: 10 };
/** The lines of a chart, as points in pixels. */
const pathsOf = (svg: string) =>
  [...svg.matchAll(/<path d="M([^"]*)"/g)].map(([, path]) =>
    path!.split('L').map((point) => point.split(' ').map(Number)),
  );
const scaleOf = (svg: string) => [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text);

describe('A value', () => {
  it.each([
    [0, 's', '0'],
    [0.0123, 's', '12.3 ms'],
    [2.5, 's', '2.5 s'],
    [104 * 2 ** 20, 'bytes', '104 MiB'],
    [0.25, 'percentunit', '25 %'],
    [1234, 'cps', '1.23 K c/s'],
    [7, undefined, '7'],
  ])('%d of %s is shown as %s', (value, unit, text) => {
    expect(shown(value, unit)).toBe(text);
  });
});

it('A legend has the labels of its series', () => {
  expect(legend('p50 {{api}} {{none}}', { api: 'oms' })).toBe('p50 oms ');
});

describe('A chart', () => {
  const line = (name: string, ...values: number[]) => ({
    name,
    points: values.map((value, at): [number, number] => [at * 10, value]),
  });

  it('begins at nothing and ends above the largest value', () => {
    const svg = chart(panel(), [line('one', 0, 37)], size);
    expect(scaleOf(svg)).toEqual(['0', '10', '20', '30', '40', '10 s']);
    const [[from, to]] = pathsOf(svg) as [[number[], number[]]];
    expect(from).toEqual([62, 106]);
    expect(to).toEqual([462, 13.5]);
  });

  it('has each line on top of those before it where they are stacked', () => {
    const lines = [line('one', 10, 10), line('other', 30, 30)];
    const svg = chart(panel({ stacking: { mode: 'normal' } }), lines, size);
    expect(pathsOf(svg).map(([first]) => first![1])).toEqual([81, 6]);
  });

  it('has as far from 1 to 10 as from 10 to 100 on a logarithmic scale', () => {
    const svg = chart(panel({ scaleDistribution: { type: 'log' } }), [line('one', 10, 100)], size);
    expect(scaleOf(svg)).toEqual(['1', '10', '100', '10 s']);
    expect(pathsOf(svg)[0]!.map(([, y]) => y)).toEqual([56, 6]);
  });
});
