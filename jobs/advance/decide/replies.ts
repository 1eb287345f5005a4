import type { Comment, Snapshot } from "./snapshot.ts";
import { permitted } from "./wanted.ts";
import { commandComments } from "./wanted.ts";
import { parseCommands } from "../../../app/commands/parse.ts";

/** What permitted people wrote, on the issue or its pull requests, after `at` (ISO): the answers to a question. */
export function repliesSince(s: Snapshot, at: string): Comment[] {
  const since = new Date(at);
  return commandComments(s).filter(
    (comment) => comment.at > since && permitted(s, comment.by) && parseCommands(comment.body).length === 0,
  );
}
