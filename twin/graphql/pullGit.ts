import { diffFiles, mergeBase } from "../git/compare.ts";
import type { FileChange } from "../git/compare.ts";
import { listCommits } from "../git/objects.ts";
import { gitDir } from "../git/run.ts";
import type { Commit, Pull } from "../model.ts";
import { repositoryOf } from "../store.ts";
import type { World } from "../world.ts";

/** A commit of a pull request: the source of `PullRequestCommit`. */
export interface PullCommit {
  repositoryId: number;
  pull: Pull;
  oid: string;
}

/** The commits that a pull request would add to its base, oldest first. */
export function commitsOf(world: World, pull: Pull): Promise<Commit[]> {
  const dir = gitDir(world, repositoryOf(world.state, pull));
  return listCommits(dir, `${pull.baseSha}..${pull.headSha}`, ["--reverse", "--topo-order"]);
}

/** The files that a pull request changes, against where it left its base. */
export async function filesOf(world: World, pull: Pull): Promise<FileChange[]> {
  const dir = gitDir(world, repositoryOf(world.state, pull));
  const from = (await mergeBase(dir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  return diffFiles(dir, from, pull.headSha);
}
