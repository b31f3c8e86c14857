/** One figure of a run: what it is, in which unit, beside what was aimed at. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The goal, in words, where there is one. */
  goal?: string;
}

const NAME_WIDTH = 62;

export const row = ({ name, value, unit, goal }: Figure): string =>
  `${name.padEnd(NAME_WIDTH)} ${shown(value).padStart(9)} ${unit.padEnd(12)} ${goal ?? ''}`.trimEnd();

const shown = (value: number) =>
  Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
