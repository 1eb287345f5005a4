/** One measured figure. */
export interface Figure {
  figure: string;
  value: number;
  unit: string;
  /** What we mean to reach, like `≥ 0.7`. */
  goal: string;
  /** What it was measured against, or beside. */
  against: string;
}

/** Prints figures: a table, or with `json` one object a line. */
export function print(figures: Figure[], json: boolean): void {
  if (json) return figures.forEach((each) => console.log(JSON.stringify(each)));
  const rows = [
    ["figure", "value", "goal", "against"],
    ...figures.map((f) => [f.figure, `${round(f.value)} ${f.unit}`.trim(), f.goal, f.against]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  "));
}

/** Three decimals where one more would be another figure, like 1.005 of the path. */
const round = (value: number): number =>
  Math.abs(value) < 10 ? Math.round(value * 1000) / 1000 : Math.round(value * 100) / 100;

/** The value that `part` of them are below, like 0.95. NaN of none. */
export const quantile = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN;

export const median = (values: number[]): number => quantile(values, 0.5);
