import type { Change } from "./repository.ts";
import { differences, forkPoints } from "./repository.ts";
import type { PushRules } from "./rules.ts";

/** A path that a commit changed, and every blob that stood there in what it is compared with. */
export interface Changed extends Omit<Change, "before"> {
  before: string[];
}

/**
 * What `commit` changed: the paths that differ from the branch's old tip and from the base's tip, so that merging the base is no
 * change. The base may have moved on since it was merged: a path that is as the base was then isn't changed either.
 */
export function changedPaths(commit: string, rules: PushRules): Changed[] {
  const against = new Set([rules.base, ...(rules.tip ? [rules.tip] : []), ...forkPoints(commit, rules.base)]);
  const [first = [], ...others] = [...against].map((other) => differences(other, commit));
  const rest = others.map((changes) => new Map(changes.map((change) => [change.path, change])));
  return first.flatMap((change) => {
    const same = rest.map((changes) => changes.get(change.path));
    if (same.some((other) => other === undefined)) return [];
    return [{ ...change, before: [change, ...same].flatMap((other) => other?.before ?? []) }];
  });
}

/** The paths among `changed` that are, hold or stand in the way of workflows, however they are spelled. */
export function workflowPaths(changed: readonly Changed[]): string[] {
  return changed.map(({ path }) => path).filter((path) => isWorkflow(spelledOut(path)));
}

/** The paths among `changed` where a submodule stands now: it would bring in files that nobody judged. */
export function submodulePaths(changed: readonly Changed[]): string[] {
  return changed.filter(({ now }) => now === "submodule").map(({ path }) => path);
}

/** The paths among `changed` that the repository's settings protect and the lease doesn't name. Git itself matches the patterns. */
export function protectedPaths(commit: string, changed: readonly Changed[], rules: PushRules): string[] {
  if (rules.protected.length === 0 || changed.length === 0) return [];
  const patterns = [
    ...rules.protected.map((pattern) => `:(top,glob,icase)${pattern}`),
    ...rules.mayTouch.map((pattern) => `:(top,glob,exclude)${pattern}`),
  ];
  const matched = new Set(differences(rules.base, commit, patterns).map(({ path }) => path));
  return changed.map(({ path }) => path).filter((path) => matched.has(path));
}

function isWorkflow(path: string): boolean {
  // A file, a link or a submodule in place of the folder counts as well.
  return path === ".github" || path === ".github/workflows" || path.startsWith(".github/workflows/");
}

/** `path` as a forgiving file system reads it: case, compatible and invisible letters, `\`, and dots or spaces at a name's end. */
function spelledOut(path: string): string {
  return path
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase()
    .split(/[/\\]+/)
    .map((name) => name.replace(/(?<=[^. ])[. ]+$/, ""))
    .join("/");
}
