/** A task as the graph sees it. Edges to tasks that aren't there are none. */
interface Node {
  id: string;
  after: readonly string[];
}

/** By task: all that it comes after, be it over others. Ends on cycles too. */
export function ancestors(nodes: readonly Node[]): Map<string, Set<string>> {
  const edges = edgesOf(nodes);
  return new Map(
    nodes.map(({ id }) => {
      const found = new Set(edges.get(id));
      // A set is iterated over what is added meanwhile.
      for (const each of found) for (const next of edges.get(each) ?? []) found.add(next);
      return [id, found];
    }),
  );
}

/** Tasks of which each comes after the next, and the last after the first; null if there are none. */
export function cycleIn(nodes: readonly Node[]): string[] | null {
  const edges = edgesOf(nodes);
  const clear = new Set<string>();
  const walk = (id: string, path: readonly string[]): string[] | null => {
    if (path.includes(id)) return path.slice(path.indexOf(id));
    if (clear.has(id)) return null;
    for (const next of edges.get(id) ?? []) {
      const cycle = walk(next, [...path, id]);
      if (cycle) return cycle;
    }
    clear.add(id);
    return null;
  };
  for (const { id } of nodes) {
    const cycle = walk(id, []);
    if (cycle) return cycle;
  }
  return null;
}

/** The ids by depth: what comes after nothing, what comes after that alone, and so on. Of a cycle nothing is in it. */
export function waves({ tasks }: { tasks: readonly Node[] }): string[][] {
  const edges = edgesOf(tasks);
  const found: string[][] = [];
  const done = new Set<string>();
  for (;;) {
    const wave = [...edges.keys()].filter(
      (id) => !done.has(id) && edges.get(id)!.every((before) => done.has(before)),
    );
    if (wave.length === 0) return found;
    for (const id of wave) done.add(id);
    found.push(wave);
  }
}

/** Two tasks that touch the same files, though neither comes after the other: both may run at once. */
export interface Overlap {
  a: string;
  b: string;
  files: string[];
}

/** All pairs of them. */
export function overlaps({ tasks }: { tasks: readonly (Node & { files: string[] })[] }): Overlap[] {
  const before = ancestors(tasks);
  const ordered = (a: string, b: string) => before.get(a)!.has(b) || before.get(b)!.has(a);
  return tasks.flatMap((a, at) =>
    tasks
      .slice(at + 1)
      .filter((b) => !ordered(a.id, b.id))
      .map((b) => ({ a: a.id, b: b.id, files: inBoth(a.files, b.files) }))
      .filter(({ files }) => files.length > 0),
  );
}

/** A folder (`src/`) has all that is below it. */
function inBoth(some: string[], others: string[]): string[] {
  const has = (files: string[], file: string) =>
    files.some((each) => each === file || (each.endsWith("/") && file.startsWith(each)));
  const found = [...some.filter((file) => has(others, file)), ...others.filter((file) => has(some, file))];
  return [...new Set(found)];
}

function edgesOf(nodes: readonly Node[]): Map<string, string[]> {
  const ids = new Set(nodes.map(({ id }) => id));
  return new Map(nodes.map(({ id, after }) => [id, after.filter((before) => ids.has(before))]));
}
