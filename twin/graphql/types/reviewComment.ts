import type * as github from "@octokit/graphql-schema";
import type { Pull, ReviewComment, Thread } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { issueOfPull } from "../../store.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { minimizableFields } from "../minimizable.ts";
import { writingFields } from "../writing.ts";
import { isOutdated } from "./reviewThread.ts";

export const PullRequestReviewComment: Fields<github.PullRequestReviewComment, ReviewComment> = {
  ...writingFields<ReviewComment>({
    writing: (comment) => comment,
    url: (comment, ask) =>
      `${issueUrl(ask.world, issueOfPull(ask.state, pullOf(comment, ask)))}#discussion_r${comment.id}`,
  }),
  ...minimizableFields<ReviewComment>(),
  id: (comment) => nodeId("PullRequestReviewComment", comment.id),
  databaseId: (comment) => comment.id,
  fullDatabaseId: (comment) => String(comment.id),
  state: (comment, _args, { state }) =>
    state.reviews.rows.get(comment.reviewId)!.state === "PENDING" ? "PENDING" : "SUBMITTED",
  pullRequest: (comment, _args, ask) => pullOf(comment, ask),
  pullRequestReview: (comment, _args, { state }) => state.reviews.rows.get(comment.reviewId),
  replyTo: (comment, _args, { state }) =>
    comment.inReplyToId === null ? null : (state.reviewComments.rows.get(comment.inReplyToId) ?? null),
  commit: (comment, _args, ask) => commitOf(comment, comment.commitSha, ask),
  originalCommit: (comment, _args, ask) => commitOf(comment, threadOf(comment, ask).originalCommitSha, ask),
  path: (comment, _args, ask) => threadOf(comment, ask).path,
  diffHunk: (comment, _args, ask) => threadOf(comment, ask).diffHunk,
  subjectType: (comment, _args, ask) => threadOf(comment, ask).subjectType.toUpperCase(),
  line: (comment, _args, ask) => threadOf(comment, ask).line,
  startLine: (comment, _args, ask) => threadOf(comment, ask).startLine,
  originalLine: (comment, _args, ask) => threadOf(comment, ask).originalLine,
  originalStartLine: (comment, _args, ask) => threadOf(comment, ask).originalStartLine,
  outdated: (comment, _args, ask) => isOutdated(threadOf(comment, ask)),
};

function pullOf(comment: ReviewComment, { state }: Ask): Pull {
  return state.pulls.rows.get(comment.pullId)!;
}

function threadOf(comment: ReviewComment, { state }: Ask): Thread {
  return state.threads.rows.get(comment.threadId)!;
}

function commitOf(comment: ReviewComment, oid: string, ask: Ask): GitObject {
  return { repositoryId: pullOf(comment, ask).repositoryId, oid };
}
