import { parseCommands } from "../../../app/commands/parse.ts";
import { taskBranch } from "./branches.ts";
import type { Comment, Snapshot } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";
import { commandComments, permitted } from "./wanted.ts";
import type { Bare } from "./wanted.ts";

/** The answers to the question that `run` ended with: what permitted people wrote since. */
export const repliesTo = (s: Snapshot, state: State, run: RunRecord): Comment[] =>
  saidSince(s, state, run).filter((comment) => permitted(s, comment.by));

/** Comments after the run's end, on the issue or on the pull request of its own branch. Commands are no answers. */
export function saidSince(s: Bare, state: State, run: RunRecord): Comment[] {
  const { end, task } = run;
  if (!end) return [];
  const since = new Date(end.at);
  const branch = taskBranch(s.issue.number, state.generation, task);
  const elsewhere = new Set(
    s.pulls.filter((pull) => pull.branch !== branch).flatMap((pull) => pull.comments.map(({ id }) => id)),
  );
  return commandComments(s).filter(
    (comment) => comment.at > since && !elsewhere.has(comment.id) && parseCommands(comment.body).length === 0,
  );
}
