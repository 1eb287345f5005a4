import { readRef } from "../git/refs.ts";
import type { KeyedNodeType } from "../nodeIds.ts";
import { Typed } from "./ask.ts";
import type { Context } from "./ask.ts";
import { dirOf, gitObject } from "./objects.ts";
import { commitsOf } from "./pullGit.ts";
import { rollupOf } from "./rollup.ts";

/** A node id that names something in a repository that is no record of the twin. */
interface Keyed {
  type: KeyedNodeType;
  repositoryId: number;
  key: string;
}

/** What such a node id stands for; null when it isn't there. */
export async function keyedById(context: Context, { type, repositoryId, key }: Keyed): Promise<Typed | null> {
  const { world, state } = context;
  switch (type) {
    case "Commit":
    case "Tree":
    case "Blob": {
      const object = await gitObject(world, { repositoryId, oid: key });
      return object?.__typename === type ? object : null;
    }
    case "Ref":
      return (await readRef(dirOf(world, { repositoryId }), key))
        ? new Typed("Ref", { repositoryId, name: key })
        : null;
    case "Status":
    case "StatusCheckRollup": {
      const commit = rollupOf(state, repositoryId, key);
      return commit && new Typed(type, commit);
    }
    case "PullRequestCommit":
    case "ReviewRequest":
      return pullPartById(context, { type, repositoryId, key });
  }
}

async function pullPartById(
  { world, state }: Context,
  { type, repositoryId, key }: Keyed,
): Promise<Typed | null> {
  const [pullId, rest] = key.split(":") as [string, string];
  const pull = state.pulls.rows.get(Number(pullId));
  if (!pull) return null;
  if (type === "ReviewRequest") {
    const reviewerId = Number(rest);
    return pull.requestedReviewerIds.includes(reviewerId)
      ? new Typed(type, { repositoryId, pull, reviewerId })
      : null;
  }
  const commits = await commitsOf(world, pull);
  return commits.some((commit) => commit.sha === rest)
    ? new Typed(type, { repositoryId, pull, oid: rest })
    : null;
}
