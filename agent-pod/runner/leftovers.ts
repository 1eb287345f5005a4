import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Git } from "./git.ts";

/**
 * The work tree as a tree object, ignored files left out. Taken after setup, it tells what setup left behind from what
 * the agent did.
 */
export async function snapshotTree(git: Git): Promise<string> {
  const index = join(git.tree, ".git", "coxswain-index");
  await copyFile(join(git.tree, ".git", "index"), index);
  try {
    const aside = git.with({ GIT_INDEX_FILE: index });
    await aside.run("add", "--all");
    return await aside.run("write-tree");
  } finally {
    await rm(index, { force: true });
  }
}

/**
 * Takes what setup left behind, and the agent didn't touch since, out of the index again: `npm install` may write a
 * lock file that nobody asked for.
 */
export async function unstageLeftovers(git: Git, setup: { before: string; after: string }): Promise<void> {
  const left = await changedPaths(git, setup.before, setup.after);
  if (left.length === 0) return;
  const touched = new Set(await changedPaths(git, setup.after, await git.run("write-tree")));
  const paths = left.filter((path) => !touched.has(path));
  if (paths.length === 0) return;
  const list = join(git.tree, ".git", "coxswain-paths");
  await writeFile(list, paths.map((path) => `${path}\0`).join(""));
  const literal = git.with({ GIT_LITERAL_PATHSPECS: "1" });
  await literal.run("reset", "--quiet", `--pathspec-from-file=${list}`, "--pathspec-file-nul");
  await rm(list, { force: true });
}

async function changedPaths(git: Git, from: string, to: string): Promise<string[]> {
  const listed = await git.run("diff-tree", "-r", "--name-only", "--no-renames", "-z", from, to);
  return listed.split("\0").filter((path) => path !== "");
}
