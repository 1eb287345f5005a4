import { GitHubError, invalid, refused } from "../errors.ts";
import type { ActionOf } from "../hooks/events.ts";
import type { Pull, Review, ReviewState } from "../model.ts";
import { needs } from "../needs.ts";
import { pullSimple } from "../payloads/pull.ts";
import { reviewCommentPayload, reviewEvent } from "../payloads/review.ts";
import { issueOfPull, repositoryOf, reviewCommentsOf } from "../store.ts";
import { childrenOf, insert, remove } from "../table.ts";
import { actor, demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { newWriting, record, rewrite, tell } from "./record.ts";
import { addThread, checkPlaces } from "./threads.ts";
import type { NewThread } from "./threads.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

export interface NewReview {
  commitSha?: string | undefined;
  body?: string | undefined;
  /** Without it the review stays pending, seen by its author alone. */
  event?: ReviewEvent | undefined;
  comments?: readonly NewThread[] | undefined;
}

const stateAfter: Record<ReviewEvent, ReviewState> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

/** Writes a review with its line comments, and submits it if it has an event. */
export async function createReview(
  world: World,
  viewer: Viewer,
  pull: Pull,
  asked: NewReview,
): Promise<Review> {
  demand(viewer, repositoryOf(world.state, pull), needs.review);
  if (pendingReview(world, viewer, pull))
    throw invalid("User can only have one pending review per pull request");
  const comments = asked.comments ?? [];
  const body = asked.body ?? "";
  if (asked.event)
    checkSubmission(world, viewer, pull, { event: asked.event, body, comments: comments.length });
  const places = await checkPlaces(world, pull, comments);
  const review = startReview(world, viewer, pull, { body, commitSha: asked.commitSha ?? pull.headSha });
  for (const place of places) addThread(world, viewer, review, place);
  if (asked.event) submit(world, viewer, review, asked.event);
  return review;
}

/** Submits a pending review. */
export function submitReview(
  world: World,
  viewer: Viewer,
  review: Review,
  { event, body }: { event: ReviewEvent; body?: string | undefined },
): void {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  demand(viewer, repositoryOf(world.state, pull), needs.review);
  if (review.authorId !== actor(viewer).id)
    throw new GitHubError(403, "Only the review's author can submit it.");
  if (review.state !== "PENDING") throw refused("Could not submit pull request review.");
  const comments = commentsOf(world, review).length;
  checkSubmission(world, viewer, pull, { event, body: body ?? review.body, comments });
  review.body = body ?? review.body;
  submit(world, viewer, review, event);
}

/** A pending review, seen by its author alone. */
export function startReview(
  world: World,
  viewer: Viewer,
  pull: Pull,
  { body, commitSha }: { body: string; commitSha: string },
): Review {
  const writing = newWriting(world, viewer, body);
  return insert(world.state.reviews, {
    ...writing,
    pullId: pull.id,
    state: "PENDING",
    commitSha,
    submittedAt: null,
  });
}

/** Makes a pending review public, as the review of a single comment is at once. */
export function submit(world: World, viewer: Viewer, review: Review, event: ReviewEvent): void {
  const at = world.now();
  review.state = stateAfter[event];
  review.submittedAt = at;
  review.updatedAt = at;
  const pull = world.state.pulls.rows.get(review.pullId)!;
  pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== review.authorId);
  issueOfPull(world.state, pull).updatedAt = at;
  tellOfReview(world, viewer, review, { action: "submitted" });
  const repository = repositoryOf(world.state, pull);
  for (const comment of commentsOf(world, review)) {
    const body = { pull_request: pullSimple(world, pull), comment: reviewCommentPayload(world, comment) };
    tell(world, viewer, { event: "pull_request_review_comment", action: "created", repository, body });
  }
}

/** Changes the text of a review: its author's, or by who has write. */
export function editReview(world: World, viewer: Viewer, review: Review, body: string): void {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  const own = actor(viewer).id === review.authorId;
  demand(viewer, repositoryOf(world.state, pull), { ...needs.review, person: own ? "read" : "write" });
  const changes = { body: { from: review.body } };
  rewrite(world, viewer, review, body);
  if (review.state !== "PENDING") tellOfReview(world, viewer, review, { action: "edited", changes });
}

/** Takes the force out of an approval or a request for changes. */
export function dismissReview(world: World, viewer: Viewer, review: Review, message: string): void {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  demand(viewer, repositoryOf(world.state, pull), needs.dismissReview);
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
    throw refused("Can not dismiss a commented pull request review");
  const dismissedState = review.state;
  review.state = "DISMISSED";
  const issue = issueOfPull(world.state, pull);
  record(world, viewer, issue, { event: "review_dismissed", reviewId: review.id, dismissedState, message });
  tellOfReview(world, viewer, review, { action: "dismissed" });
}

/** Throws a pending review away, with its comments. */
export function deletePendingReview(world: World, viewer: Viewer, review: Review): void {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  demand(viewer, repositoryOf(world.state, pull), needs.review);
  if (review.state !== "PENDING" || review.authorId !== actor(viewer).id)
    throw refused("Can not delete a non-pending pull request review");
  for (const comment of commentsOf(world, review)) {
    remove(world.state.reviewComments, comment);
    const thread = world.state.threads.rows.get(comment.threadId)!;
    if (childrenOf(world.state.reviewComments, thread.id).length === 0) remove(world.state.threads, thread);
  }
  remove(world.state.reviews, review);
}

/** The viewer's own review that isn't submitted yet. */
export function pendingReview(world: World, viewer: Viewer, pull: Pull): Review | undefined {
  const by = actor(viewer).id;
  return childrenOf(world.state.reviews, pull.id).find(
    (review) => review.state === "PENDING" && review.authorId === by,
  );
}

function commentsOf(world: World, review: Review) {
  return reviewCommentsOf(world.state, review.pullId).filter((comment) => comment.reviewId === review.id);
}

function checkSubmission(
  world: World,
  viewer: Viewer,
  pull: Pull,
  { event, body, comments }: { event: ReviewEvent; body: string; comments: number },
): void {
  const own = issueOfPull(world.state, pull).authorId === actor(viewer).id;
  if (own && event === "APPROVE") throw unprocessable("Review Can not approve your own pull request");
  if (own && event === "REQUEST_CHANGES")
    throw unprocessable("Review Can not request changes on your own pull request");
  if (body.trim() === "" && (event === "REQUEST_CHANGES" || (event === "COMMENT" && comments === 0)))
    throw unprocessable("Body can't be blank");
}

function unprocessable(sentence: string): GitHubError {
  return new GitHubError(422, "Unprocessable Entity", [sentence]);
}

function tellOfReview(
  world: World,
  viewer: Viewer,
  review: Review,
  { action, ...extra }: { action: ActionOf<"pull_request_review"> } & Record<string, unknown>,
): void {
  const pull = world.state.pulls.rows.get(review.pullId)!;
  const body = { review: reviewEvent(world, review), pull_request: pullSimple(world, pull), ...extra };
  tell(world, viewer, {
    event: "pull_request_review",
    action,
    repository: repositoryOf(world.state, pull),
    body,
  });
}
