import type * as model from "./model.ts";
import { reactionContents } from "./model.ts";
import type { State } from "./store.ts";
import { childrenOf } from "./table.ts";

/** How many issues and pull requests of a repository are open. */
export function issuesOpen(state: State, repository: model.Repository): number {
  return childrenOf(state.issues, repository.id).filter((issue) => issue.state === "open").length;
}

/** How often each reaction was given. */
export function reactionCounts(state: State, subjectId: number): Record<model.ReactionContent, number> {
  const counts = Object.fromEntries(reactionContents.map((content) => [content, 0]));
  for (const reaction of childrenOf(state.reactions, subjectId)) counts[reaction.content]! += 1;
  return counts as Record<model.ReactionContent, number>;
}
