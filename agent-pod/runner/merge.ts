import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Brief } from "../contract/brief.ts";
import type { Git } from "./git.ts";
import { GitError } from "./git.ts";

/** What merging the base into the branch came to. */
export type Merge = { kind: "current" } | { kind: "clean" } | { kind: "conflicts"; paths: string[] };

/** Starts the merge that a `resolve` run is for; with conflicts it is left under way for the agent. */
export async function mergeBase(git: Git, brief: Brief): Promise<Merge> {
  const base = `origin/${brief.base.branch}`;
  if ((await git.attempt("merge-base", "--is-ancestor", base, "HEAD")).code === 0) return { kind: "current" };
  const message = `Merge branch '${brief.base.branch}' into ${brief.branch.name}`;
  const merged = await git.attempt("merge", "--quiet", "--no-ff", "-m", message, base);
  if (merged.code === 0) return { kind: "clean" };
  const unmerged = await git.run("diff", "--name-only", "--diff-filter=U", "-z");
  const paths = unmerged.split("\0").filter((path) => path !== "");
  if (paths.length === 0) throw new GitError(["merge", base], merged);
  return { kind: "conflicts", paths };
}

/** Those of `paths` that still hold conflict markers. */
export async function markedPaths(git: Git, paths: readonly string[]): Promise<string[]> {
  const marked = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(git.tree, path), "utf8").catch(() => "");
      return /^<{7} /m.test(text) && /^>{7} /m.test(text) ? path : null;
    }),
  );
  return marked.filter((path) => path !== null);
}
