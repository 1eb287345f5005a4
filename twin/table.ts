/** A set of records by id, with the records of each parent (a repository's issues, an issue's comments) at hand. */
export interface Table<Row extends { id: number }> {
  rows: Map<number, Row>;
  parentOf(row: Row): number;
  children: Map<number, Map<number, Row>>;
}

/** An empty table. A row's parent must never change. */
export function table<Row extends { id: number }>(parentOf: (row: Row) => number): Table<Row> {
  return { rows: new Map(), parentOf, children: new Map() };
}

/** Adds a row and returns it. */
export function insert<Row extends { id: number }>(into: Table<Row>, row: Row): Row {
  into.rows.set(row.id, row);
  const parent = into.parentOf(row);
  const siblings = into.children.get(parent) ?? new Map<number, Row>();
  into.children.set(parent, siblings.set(row.id, row));
  return row;
}

/** Removes a row; one that isn't there is no error. */
export function remove<Row extends { id: number }>(from: Table<Row>, row: Row): void {
  from.rows.delete(row.id);
  from.children.get(from.parentOf(row))?.delete(row.id);
}

/** A parent's rows, in the order in which they were added. */
export function childrenOf<Row extends { id: number }>(of: Table<Row>, parentId: number): Row[] {
  return [...(of.children.get(parentId)?.values() ?? [])];
}

/** The first of a parent's rows that fits, without a copy of all. */
export function findChild<Row extends { id: number }>(
  of: Table<Row>,
  parentId: number,
  fits: (row: Row) => boolean,
): Row | undefined {
  for (const row of of.children.get(parentId)?.values() ?? []) if (fits(row)) return row;
  return undefined;
}
