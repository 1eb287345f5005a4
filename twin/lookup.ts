import type * as model from "./model.ts";
import { reactionContents } from "./model.ts";
import { childrenOf } from "./table.ts";
import type { State } from "./store.ts";
import type { World } from "./world.ts";

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

/** An issue's comments as a reader sees them now: late by `faults.readLagMs`, both the comments and their edits. */
export function commentsSeen(world: World, issueId: number): model.Comment[] {
  const comments = childrenOf(world.state.comments, issueId);
  const horizon = world.now() - world.faults.readLagMs;
  if (world.faults.readLagMs === 0) return comments;
  return comments.filter((comment) => comment.createdAt <= horizon).map((comment) => asOf(comment, horizon));
}

function asOf(comment: model.Comment, horizon: number): model.Comment {
  const edits = comment.edits.filter((edit) => edit.editedAt <= horizon);
  if (edits.length === comment.edits.length) return comment;
  const last = edits.at(-1) ?? comment.edits[0]!;
  return { ...comment, edits, body: last.text, updatedAt: last.editedAt };
}

/** The labels of an issue, in the order in which they were added. */
export function labelsOf(state: State, issue: model.Issue): model.Label[] {
  return issue.labelIds.map((id) => state.labels.rows.get(id)!);
}

/** The pull requests whose head is this branch or commit, open ones alone. */
export function openPullsFrom(
  state: State,
  repositoryId: number,
  head: { ref: string } | { sha: string },
): model.Pull[] {
  return childrenOf(state.pulls, repositoryId).filter(
    (pull) =>
      state.issues.rows.get(pull.issueId)!.state === "open" &&
      ("ref" in head ? pull.headRef === head.ref : pull.headSha === head.sha),
  );
}
