import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Git } from "./git.ts";

/**
 * Takes `paths` out of the work tree, as far as they are there, without git taking them for deleted. Returns the way to put them back,
 * but where the agent has written something of that name itself; a second time it does nothing.
 */
export async function hidePaths(
  git: Git,
  paths: readonly string[],
  aside: string,
): Promise<() => Promise<void>> {
  const hidden: { path: string; tracked: string[] }[] = [];
  for (const path of paths) {
    if (!existsSync(join(git.tree, path))) continue;
    // What is in conflict is the agent's to see, and no program can load it.
    if ((await listed(git, "--unmerged", path)).length > 0) continue;
    const tracked = await listed(git, "--cached", path);
    if (tracked.length > 0) await git.run("update-index", "--skip-worktree", "--", ...tracked);
    mkdirSync(dirname(join(aside, path)), { recursive: true });
    renameSync(join(git.tree, path), join(aside, path));
    hidden.push({ path, tracked });
  }
  return async () => {
    for (const { path, tracked } of hidden.splice(0)) {
      cpSync(join(aside, path), join(git.tree, path), {
        recursive: true,
        force: false,
        verbatimSymlinks: true,
      });
      if (tracked.length > 0) await git.attempt("update-index", "--no-skip-worktree", "--", ...tracked);
    }
    rmSync(aside, { recursive: true, force: true });
  };
}

async function listed(git: Git, which: "--unmerged" | "--cached", path: string): Promise<string[]> {
  const names = await git.run("ls-files", which, "-z", "--", path);
  return names.split("\0").filter((name) => name !== "");
}
