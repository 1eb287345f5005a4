import type { Review, ReviewComment, Thread } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, issueOfPull, threadComments } from "../store.ts";
import { association } from "../viewer.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { iso, isoOrNull } from "./common.ts";
import { issueUrl, reactionSummary } from "./issue.ts";
import { pullUrl } from "./pull.ts";

/** A review, as REST gives it. Webhooks write its state in small letters: `reviewEvent`. */
export function reviewPayload(world: World, review: Review) {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const author = accountOf(world.state, review.authorId);
  const page = `${issueUrl(world, issueOfPull(world.state, pull))}#pullrequestreview-${review.id}`;
  const url = pullUrl(world, pull);
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: simpleUser(world, author),
    body: review.body,
    state: review.state as string,
    html_url: page,
    pull_request_url: url,
    author_association: association(world.state, repository, author),
    _links: { html: { href: page }, pull_request: { href: url } },
    ...(review.submittedAt === null ? {} : { submitted_at: iso(review.submittedAt) }),
    commit_id: review.commitSha,
  };
}

/** A review as webhooks give it. */
export function reviewEvent(world: World, review: Review) {
  return {
    ...reviewPayload(world, review),
    state: review.state.toLowerCase(),
    body: review.body === "" ? null : review.body,
    submitted_at: isoOrNull(review.submittedAt),
    updated_at: iso(review.updatedAt),
  };
}

/** One comment in a review thread. */
export function reviewCommentPayload(world: World, comment: ReviewComment) {
  const { state } = world;
  const thread = state.threads.rows.get(comment.threadId)!;
  const pull = state.pulls.rows.get(comment.pullId)!;
  const repository = state.repositories.rows.get(pull.repositoryId)!;
  const author = accountOf(state, comment.authorId);
  const page = `${issueUrl(world, issueOfPull(state, pull))}#discussion_r${comment.id}`;
  const pullAddress = pullUrl(world, pull);
  const url = pullAddress.replace(/\/\d+$/, `/comments/${comment.id}`);
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PullRequestReviewComment", comment.id),
    diff_hunk: thread.diffHunk,
    path: thread.path,
    commit_id: comment.commitSha,
    original_commit_id: thread.originalCommitSha,
    user: simpleUser(world, author),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    html_url: page,
    pull_request_url: pullAddress,
    author_association: association(state, repository, author),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullAddress } },
    reactions: reactionSummary(world, comment.id, url),
    ...placeOf(thread),
    ...(comment.inReplyToId === null ? {} : { in_reply_to_id: comment.inReplyToId }),
  };
}

/** A thread as the webhook `pull_request_review_thread` gives it. */
export function threadPayload(world: World, thread: Thread) {
  return {
    node_id: nodeId("PullRequestReviewThread", thread.id),
    comments: threadComments(world.state, thread.id).map((comment) => reviewCommentPayload(world, comment)),
  };
}

function placeOf(thread: Thread) {
  return {
    start_line: thread.startLine,
    original_start_line: thread.originalStartLine,
    start_side: thread.startSide,
    line: thread.line,
    original_line: thread.originalLine,
    side: thread.side,
    original_position: positionIn(thread.diffHunk),
    position: thread.line === null ? null : positionIn(thread.diffHunk),
    subject_type: thread.subjectType,
  };
}

/** GitHub's older way to name a line: how far below the hunk's header it is. */
function positionIn(hunk: string): number {
  return Math.max(1, hunk.split("\n").length - 1);
}
