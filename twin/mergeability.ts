import { protectionBroken } from "./acts/merge.ts";
import { stateOfCommit } from "./checkState.ts";
import { mergeTree, rebase } from "./git/merge.ts";
import { isAncestor, readRef } from "./git/refs.ts";
import { gitDir } from "./git/run.ts";
import type { Pull } from "./model.ts";
import { signatureOf } from "./payloads/commit.ts";
import { unknownMergeability } from "./payloads/pull.ts";
import type { Mergeability } from "./payloads/pull.ts";
import { accountOf, issueOfPull, repositoryOf } from "./store.ts";
import type { World } from "./world.ts";

/** Two commits merge the same way for ever. */
const tried = new Map<string, { clean: boolean; rebases: boolean }>();

/** Whether an open pull request can be merged now, asked of git. Closed ones aren't looked at, as on GitHub. */
export async function mergeabilityOf(world: World, pull: Pull): Promise<Mergeability> {
  const issue = issueOfPull(world.state, pull);
  if (issue.state === "closed") return unknownMergeability;
  const repository = repositoryOf(world.state, pull);
  const dir = gitDir(world, repository);
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (!base) return unknownMergeability;
  const key = `${dir} ${base} ${pull.headSha}`;
  const outcome = tried.get(key) ?? (await attempt(world, pull, { dir, base }));
  tried.set(key, outcome);
  const { clean, rebases } = outcome;
  const state = () => {
    if (!clean) return "dirty";
    if (pull.draft) return "draft";
    if (protectionBroken(world, repository, pull)) return "blocked";
    const checks = stateOfCommit(world.state, repository.id, pull.headSha);
    return checks === null || checks === "SUCCESS" ? "clean" : "unstable";
  };
  return { mergeable: clean, rebaseable: clean && rebases, mergeable_state: state() };
}

async function attempt(world: World, pull: Pull, { dir, base }: { dir: string; base: string }) {
  const clean = (await mergeTree(dir, base, pull.headSha)) !== undefined;
  if (!clean) return { clean, rebases: false };
  // Nothing to replay: the base hasn't moved.
  if (await isAncestor(dir, base, pull.headSha)) return { clean, rebases: true };
  const committer = signatureOf(world, accountOf(world.state, repositoryOf(world.state, pull).ownerId), 0);
  const tip = await rebase(dir, { base, head: pull.headSha, onto: base, committer });
  return { clean, rebases: tip !== undefined };
}
