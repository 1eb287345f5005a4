import { z } from "zod";
import {
  createReview,
  deletePendingReview,
  dismissReview,
  editReview,
  submitReview,
} from "../acts/reviews.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import type { Review } from "../model.ts";
import { needs } from "../needs.ts";
import { reviewCommentPayload, reviewPayload } from "../payloads/review.ts";
import { reviewCommentsOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { pullIn } from "./pulls.ts";
import { existing, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/pulls/reviews */
export const reviewRoutes: readonly Route[] = [
  ofRepository("GET /pulls/:number/reviews", needs.readPulls, (call) => {
    const reviews = childrenOf(call.world.state.reviews, pullIn(call).id).filter((review) =>
      seenBy(call, review),
    );
    return page(call, reviews, (review) => reviewPayload(call.world, review));
  }),
  ofRepository("POST /pulls/:number/reviews", needs.review, async (call) => {
    const { commit_id: commitSha, comments, ...asked } = take(call, newReviewSchema);
    const review = await createReview(call.world, call.viewer, pullIn(call), {
      ...asked,
      commitSha,
      comments: comments.map(({ start_line: startLine, start_side: startSide, ...comment }) => ({
        ...comment,
        startLine,
        startSide,
      })),
    });
    return ok(reviewPayload(call.world, review));
  }),
  ofRepository("GET /pulls/:number/reviews/:review", needs.readPulls, (call) =>
    ok(reviewPayload(call.world, reviewIn(call))),
  ),
  ofRepository("PUT /pulls/:number/reviews/:review", needs.review, (call) => {
    const review = reviewIn(call);
    editReview(call.world, call.viewer, review, take(call, z.object({ body: z.string() })).body);
    return ok(reviewPayload(call.world, review));
  }),
  ofRepository("DELETE /pulls/:number/reviews/:review", needs.review, (call) => {
    const review = reviewIn(call);
    const gone = reviewPayload(call.world, review);
    deletePendingReview(call.world, call.viewer, review);
    return ok(gone);
  }),
  ofRepository("POST /pulls/:number/reviews/:review/events", needs.review, (call) => {
    const review = reviewIn(call);
    submitReview(call.world, call.viewer, review, take(call, submitSchema));
    return ok(reviewPayload(call.world, review));
  }),
  ofRepository("PUT /pulls/:number/reviews/:review/dismissals", needs.dismissReview, (call) => {
    const review = reviewIn(call);
    dismissReview(call.world, call.viewer, review, take(call, z.object({ message: z.string() })).message);
    return ok(reviewPayload(call.world, review));
  }),
  ofRepository("GET /pulls/:number/reviews/:review/comments", needs.readPulls, (call) => {
    const review = reviewIn(call);
    const comments = reviewCommentsOf(call.world.state, review.pullId).filter(
      (one) => one.reviewId === review.id,
    );
    return page(call, comments, (comment) => reviewCommentPayload(call.world, comment));
  }),
];

const event = z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]);
const side = z.enum(["LEFT", "RIGHT"]);
const newReviewSchema = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: event.optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        body: z.string(),
        line: z.number().int().optional(),
        side: side.optional(),
        start_line: z.number().int().optional(),
        start_side: side.optional(),
      }),
    )
    .default([]),
});
const submitSchema = z.object({ event, body: z.string().optional() });

function reviewIn(call: RepositoryCall): Review {
  const review = call.world.state.reviews.rows.get(numberIn(call, "review"));
  return existing(review?.pullId === pullIn(call).id && seenBy(call, review) ? review : undefined);
}

/** What is pending is its author's alone. */
function seenBy({ viewer }: RepositoryCall, review: Review): boolean {
  if (review.state !== "PENDING") return true;
  return "account" in viewer && viewer.account.id === review.authorId;
}
