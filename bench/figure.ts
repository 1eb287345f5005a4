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

const round = (value: number): number => Math.round(value * 100) / 100;

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
