import { z } from "zod";
import { replyToThread, startThread } from "../acts/lineComments.ts";
import { deleteReviewComment, editReviewComment } from "../acts/threads.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import type { ReviewComment } from "../model.ts";
import { needs } from "../needs.ts";
import { reviewCommentPayload } from "../payloads/review.ts";
import { reviewCommentsOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { pullIn } from "./pulls.ts";
import { created, existing, noContent, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/pulls/comments */
export const reviewCommentRoutes: readonly Route[] = [
  ofRepository("GET /pulls/comments", needs.readPulls, (call) => {
    const { world, repository } = call;
    const all = childrenOf(world.state.pulls, repository.id).flatMap((pull) => publicComments(call, pull.id));
    return page(call, all, (comment) => reviewCommentPayload(world, comment));
  }),
  ofRepository("GET /pulls/comments/:comment", needs.readPulls, (call) =>
    ok(reviewCommentPayload(call.world, reviewCommentIn(call))),
  ),
  ofRepository("PATCH /pulls/comments/:comment", needs.review, (call) => {
    const comment = reviewCommentIn(call);
    editReviewComment(call.world, call.viewer, comment, take(call, bodySchema).body);
    return ok(reviewCommentPayload(call.world, comment));
  }),
  ofRepository("DELETE /pulls/comments/:comment", needs.review, (call) => {
    deleteReviewComment(call.world, call.viewer, reviewCommentIn(call));
    return noContent();
  }),
  ofRepository("GET /pulls/:number/comments", needs.readPulls, (call) =>
    page(call, publicComments(call, pullIn(call).id), (comment) => reviewCommentPayload(call.world, comment)),
  ),
  ofRepository("POST /pulls/:number/comments", needs.review, async (call) => {
    const asked = take(call, commentSchema);
    if (asked.in_reply_to !== undefined) return reply(call, asked.in_reply_to, asked.body);
    const comment = await startThread(call.world, call.viewer, pullIn(call), {
      body: asked.body,
      path: asked.path ?? "",
      line: asked.line,
      side: asked.side,
      startLine: asked.start_line,
      startSide: asked.start_side,
      subjectType: asked.subject_type,
      commitSha: asked.commit_id,
    });
    return created(reviewCommentPayload(call.world, comment));
  }),
  ofRepository("POST /pulls/:number/comments/:comment/replies", needs.review, (call) =>
    reply(call, numberIn(call, "comment"), take(call, bodySchema).body),
  ),
];

/** The review comment in the path. */
export function reviewCommentIn(call: RepositoryCall): ReviewComment {
  const { world, repository } = call;
  const comment = existing(world.state.reviewComments.rows.get(numberIn(call, "comment")));
  const pull = world.state.pulls.rows.get(comment.pullId)!;
  return existing(pull.repositoryId === repository.id ? comment : undefined);
}

const bodySchema = z.object({ body: z.string() });
const side = z.enum(["LEFT", "RIGHT"]);
const commentSchema = bodySchema.extend({
  commit_id: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  side: side.optional(),
  start_line: z.number().int().optional(),
  start_side: side.optional(),
  subject_type: z.enum(["line", "file"]).optional(),
  in_reply_to: z.number().int().optional(),
});

function reply(call: RepositoryCall, to: number, body: string) {
  const first = existing(call.world.state.reviewComments.rows.get(to));
  const thread = call.world.state.threads.rows.get(first.threadId)!;
  existing(thread.pullId === pullIn(call).id ? thread : undefined);
  const comment = replyToThread(call.world, call.viewer, thread, { body });
  return created(reviewCommentPayload(call.world, comment));
}

/** Comments of reviews that are still pending are their authors' alone. */
function publicComments(call: RepositoryCall, pullId: number): ReviewComment[] {
  return reviewCommentsOf(call.world.state, pullId).filter(
    (comment) => call.world.state.reviews.rows.get(comment.reviewId)!.state !== "PENDING",
  );
}
