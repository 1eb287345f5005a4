import type * as github from "@octokit/graphql-schema";
import type { Comment } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { pullOfIssue } from "../../store.ts";
import type { Ask, Fields } from "../ask.ts";
import { minimizableFields } from "../minimizable.ts";
import { writingFields } from "../writing.ts";

export const IssueComment: Fields<github.IssueComment, Comment> = {
  ...writingFields<Comment>({
    writing: (comment) => comment,
    url: (comment, ask) => `${issueUrl(ask.world, issueOf(comment, ask))}#issuecomment-${comment.id}`,
  }),
  ...minimizableFields<Comment>(),
  id: (comment) => nodeId("IssueComment", comment.id),
  databaseId: (comment) => comment.id,
  fullDatabaseId: (comment) => String(comment.id),
  issue: (comment, _args, ask) => issueOf(comment, ask),
  pullRequest: (comment, _args, ask) => pullOfIssue(ask.state, issueOf(comment, ask)) ?? null,
};

function issueOf(comment: Comment, { state }: Ask) {
  return state.issues.rows.get(comment.issueId)!;
}
