import { chart, key } from './chart.ts';
import { shown, type Line, type Panel } from './panel.ts';

export const WIDTH = 1_440;
const COLUMNS = 24;
const COLUMN = WIDTH / COLUMNS;
/** Of the dashboard's grid, in pixels; Grafana's is 30 and 8 between. */
const ROW = 34;

const STYLE = `
  body { margin: 0; width: ${WIDTH}px; background: #f4f5f5; font: 12px system-ui, sans-serif; color: #24292e; position: relative }
  section { position: absolute; box-sizing: border-box; padding: 4px }
  section > div { box-sizing: border-box; height: 100%; background: #fff; border: 1px solid #e4e7e7; padding: 6px 8px; overflow: hidden }
  h2 { font-size: 14px; margin: 8px 4px } h3 { font-size: 12px; font-weight: 600; margin: 0 0 4px }
  .stat { font-size: 26px; margin-top: 14px; color: #1f7a4d } .none { margin-top: 24px; text-align: center; color: #6a737d }
  .key { line-height: 15px; height: 45px; overflow: hidden; font-size: 11px } .key span { margin-right: 10px; white-space: nowrap }
  .key i { display: inline-block; width: 10px; height: 3px; margin-right: 4px; vertical-align: middle }
  svg { display: block } svg text { font-size: 10px; fill: #57606a } .grid { stroke: #e4e7e7 } path { fill: none; stroke-width: 1.5 }`;

/** The dashboard as one page: its panels where it has them, drawn from what its own queries found. */
export function page(
  panels: readonly { panel: Panel; lines: Line[] }[],
  span: { start: number; end: number },
): { html: string; height: number } {
  const height = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h)) * ROW;
  const sections = panels.map(({ panel, lines }) => {
    const { x, y, w, h } = panel.gridPos;
    const place = `left:${x * COLUMN}px;top:${y * ROW}px;width:${w * COLUMN}px;height:${h * ROW}px`;
    if (panel.type === 'row') return `<section style="${place}"><h2>${panel.title}</h2></section>`;
    return `<section style="${place}"><div><h3>${panel.title}</h3>${content(panel, lines, span)}</div></section>`;
  });
  const html = `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body style="height:${height}px">${sections.join('')}`;
  return { html, height };
}

function content(panel: Panel, lines: Line[], span: { start: number; end: number }): string {
  const { unit, noValue = 'No data' } = panel.fieldConfig?.defaults ?? {};
  const { w, h } = panel.gridPos;
  if (lines.length === 0) return `<p class="none">${noValue}</p>`;
  if (panel.type === 'stat') return `<p class="stat">${shown(lines[0]?.points.at(-1)?.[1] ?? NaN, unit)}</p>`;
  const size = { width: w * COLUMN - 28, height: h * ROW - 92 };
  return `${chart(panel, lines, { ...size, ...span })}<div class="key">${key(lines, unit)}</div>`;
}
