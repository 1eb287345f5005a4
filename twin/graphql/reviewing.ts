import type { BranchProtection, Pull, Review, ReviewComment, Thread } from "../model.ts";
import { accountOf, repositoryOf, threadComments } from "../store.ts";
import type { State } from "../store.ts";
import { childrenOf } from "../table.ts";
import { actor, atLeast, levelOf } from "../viewer.ts";
import type { Ask } from "./ask.ts";

/** A pull request's reviews as the viewer sees them: pending ones are their author's alone. */
export function visibleReviews(pull: Pull, ask: Ask): Review[] {
  return childrenOf(ask.state.reviews, pull.id).filter((review) => isVisible(review, ask));
}

/** A thread's comments as the viewer sees them. */
export function visibleComments(thread: Thread, ask: Ask): ReviewComment[] {
  return threadComments(ask.state, thread.id).filter((comment) =>
    isVisible(ask.state.reviews.rows.get(comment.reviewId)!, ask),
  );
}

/** A pull request's threads as the viewer sees them: one without a comment to see isn't there. */
export function visibleThreads(pull: Pull, ask: Ask): Thread[] {
  return childrenOf(ask.state.threads, pull.id).filter((thread) => visibleComments(thread, ask).length > 0);
}

/** Each author's latest review that is submitted. */
export function latestReviews(state: State, pull: Pull): Review[] {
  return latestOf(childrenOf(state.reviews, pull.id).filter((review) => review.state !== "PENDING"));
}

/** Each author's latest review that approves, asks for changes, or did and was dismissed. */
export function latestOpinions(state: State, pull: Pull, writersOnly: boolean): Review[] {
  const repository = repositoryOf(state, pull);
  const opinions = childrenOf(state.reviews, pull.id).filter(
    (review) => review.state !== "PENDING" && review.state !== "COMMENTED",
  );
  const latest = latestOf(opinions);
  if (!writersOnly) return latest;
  return latest.filter((review) => atLeast(levelOf(repository, accountOf(state, review.authorId)), "write"));
}

/** What the reviews of those who can write come to; null where nobody judged and nobody must. */
export function reviewDecision(
  state: State,
  pull: Pull,
): "APPROVED" | "CHANGES_REQUESTED" | "REVIEW_REQUIRED" | null {
  const opinions = latestOpinions(state, pull, true);
  if (opinions.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  const required = protectionOf(state, pull)?.requiredApprovals ?? 0;
  const approvals = opinions.filter((review) => review.state === "APPROVED").length;
  if (approvals > 0 && approvals >= required) return "APPROVED";
  return required > 0 ? "REVIEW_REQUIRED" : null;
}

/** The rule of the branch that a pull request goes into. */
export function protectionOf(state: State, pull: Pull): BranchProtection | undefined {
  return repositoryOf(state, pull).protections.find((rule) => rule.branch === pull.baseRef);
}

function isVisible(review: Review, { viewer }: Ask): boolean {
  return review.state !== "PENDING" || review.authorId === actor(viewer).id;
}

function latestOf(reviews: readonly Review[]): Review[] {
  return [...new Map(reviews.map((review) => [review.authorId, review])).values()];
}
