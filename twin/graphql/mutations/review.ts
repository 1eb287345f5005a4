import type * as github from "@octokit/graphql-schema";
import { createReview, dismissReview, pendingReview, submitReview } from "../../acts/reviews.ts";
import type { ReviewEvent } from "../../acts/reviews.ts";
import type { NewThread } from "../../acts/threads.ts";
import type { Review, Side } from "../../model.ts";
import type { Ask, Fields } from "../ask.ts";
import { edgeOf } from "../connection.ts";
import { recordOf } from "../nodes.ts";
import { notInTwin, refusal } from "../refusal.ts";
import { mutation } from "./mutation.ts";

export const reviewMutations: Fields<github.Mutation, undefined> = {
  addPullRequestReview: mutation<github.AddPullRequestReviewInput>(async (input, ask) => {
    const pull = await recordOf(input.pullRequestId, ["PullRequest"], ask);
    // GitHub deprecates these: their `position` counts lines of the diff.
    if (input.comments != null && [input.comments].flat().length > 0)
      throw notInTwin("AddPullRequestReviewInput", "comments");
    const review = await createReview(ask.world, ask.viewer, pull, {
      body: input.body ?? undefined,
      commitSha: input.commitOID == null ? undefined : String(input.commitOID),
      event: eventOf(input.event),
      comments: [input.threads ?? []]
        .flat()
        .filter((thread) => thread !== null)
        .map(threadOf),
    });
    return { pullRequestReview: review, reviewEdge: edgeOf(review, [review.createdAt, review.id]) };
  }),
  submitPullRequestReview: mutation<github.SubmitPullRequestReviewInput>(async (input, ask) => {
    const review = await reviewToSubmit(input, ask);
    const event = eventOf(input.event)!;
    submitReview(ask.world, ask.viewer, review, { event, body: input.body ?? undefined });
    return { pullRequestReview: review };
  }),
  dismissPullRequestReview: mutation<github.DismissPullRequestReviewInput>(async (input, ask) => {
    const review = await recordOf(input.pullRequestReviewId, ["PullRequestReview"], ask);
    dismissReview(ask.world, ask.viewer, review, input.message);
    return { pullRequestReview: review };
  }),
};

async function reviewToSubmit(input: github.SubmitPullRequestReviewInput, ask: Ask): Promise<Review> {
  if (input.pullRequestReviewId != null)
    return recordOf(input.pullRequestReviewId, ["PullRequestReview"], ask);
  if (input.pullRequestId == null)
    throw refusal("UNPROCESSABLE", "Either pullRequestId or pullRequestReviewId is required.");
  const pull = await recordOf(input.pullRequestId, ["PullRequest"], ask);
  const pending = pendingReview(ask.world, ask.viewer, pull);
  if (!pending) throw refusal("UNPROCESSABLE", "There is no pending review on this pull request.");
  return pending;
}

/** A review that dismisses isn't one: `dismissPullRequestReview` does that. */
function eventOf(event: github.PullRequestReviewEvent | null | undefined): ReviewEvent | undefined {
  if (event == null) return undefined;
  if (event === "DISMISS") throw refusal("UNPROCESSABLE", "A review can't be submitted as dismissed.");
  return event;
}

function threadOf(thread: github.DraftPullRequestReviewThread): NewThread {
  return {
    path: thread.path,
    body: thread.body,
    line: thread.line,
    side: thread.side as Side | undefined,
    startLine: thread.startLine ?? undefined,
    startSide: thread.startSide as Side | undefined,
  };
}
