import { protectionBroken } from "./acts/merge.ts";
import { stateOfCommit } from "./checkState.ts";
import { mergeTree } from "./git/merge.ts";
import { readRef } from "./git/refs.ts";
import { gitDir } from "./git/run.ts";
import type { Pull } from "./model.ts";
import { unknownMergeability } from "./payloads/pull.ts";
import type { Mergeability } from "./payloads/pull.ts";
import { repositoryOf } from "./store.ts";
import type { World } from "./world.ts";

/** Whether a pull request merges, by git, and what else holds it back. GitHub doesn't tell of what is merged or has lost a branch. */
export async function mergeabilityOf(world: World, pull: Pull): Promise<Mergeability> {
  const repository = repositoryOf(world.state, pull);
  const dir = gitDir(world, repository);
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (pull.merged || pull.headDeleted || !base) return unknownMergeability;
  const tree = await mergeTree(dir, base, pull.headSha);
  if (!tree) return { mergeable: false, rebaseable: false, mergeable_state: "dirty" };
  // What merges nearly always rebases; trying would write commits at every look.
  return { mergeable: true, rebaseable: true, mergeable_state: stateOf(world, pull) };
}

function stateOf(world: World, pull: Pull): Mergeability["mergeable_state"] {
  if (pull.draft) return "draft";
  if (protectionBroken(world, repositoryOf(world.state, pull), pull)) return "blocked";
  const checks = stateOfCommit(world.state, pull.repositoryId, pull.headSha);
  return checks === null || checks === "SUCCESS" ? "clean" : "unstable";
}
