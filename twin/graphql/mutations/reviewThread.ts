import type * as github from "@octokit/graphql-schema";
import { replyToThread, startThread } from "../../acts/lineComments.ts";
import { pendingReview } from "../../acts/reviews.ts";
import { setResolved } from "../../acts/threads.ts";
import type { Pull, Side } from "../../model.ts";
import type { Ask, Fields } from "../ask.ts";
import { recordOf } from "../nodes.ts";
import { refusal } from "../refusal.ts";
import { mutation } from "./mutation.ts";

export const reviewThreadMutations: Fields<github.Mutation, undefined> = {
  /** Into the viewer's pending review, which it begins if there is none: nobody else sees the thread until it is submitted. */
  addPullRequestReviewThread: mutation<github.AddPullRequestReviewThreadInput>(async (input, ask) => {
    const comment = await startThread(ask.world, ask.viewer, await pullOf(input, ask), {
      path: input.path,
      body: input.body,
      line: input.line ?? undefined,
      side: input.side as Side | undefined,
      startLine: input.startLine ?? undefined,
      startSide: input.startSide as Side | undefined,
      subjectType: (input.subjectType ?? "LINE") === "FILE" ? "file" : "line",
      inReview: true,
    });
    return { thread: ask.state.threads.rows.get(comment.threadId) };
  }),
  /** Into the viewer's pending review if there is one, otherwise at once. */
  addPullRequestReviewThreadReply: mutation<github.AddPullRequestReviewThreadReplyInput>(
    async (input, ask) => {
      const thread = await recordOf(input.pullRequestReviewThreadId, ["PullRequestReviewThread"], ask);
      const pull = ask.state.pulls.rows.get(thread.pullId)!;
      const inReview = pendingReview(ask.world, ask.viewer, pull) !== undefined;
      return { comment: replyToThread(ask.world, ask.viewer, thread, { body: input.body, inReview }) };
    },
  ),
  resolveReviewThread: mutation<github.ResolveReviewThreadInput>(async (input, ask) => {
    const thread = await recordOf(input.threadId, ["PullRequestReviewThread"], ask);
    setResolved(ask.world, ask.viewer, thread, true);
    return { thread };
  }),
  unresolveReviewThread: mutation<github.UnresolveReviewThreadInput>(async (input, ask) => {
    const thread = await recordOf(input.threadId, ["PullRequestReviewThread"], ask);
    setResolved(ask.world, ask.viewer, thread, false);
    return { thread };
  }),
};

async function pullOf(input: github.AddPullRequestReviewThreadInput, ask: Ask): Promise<Pull> {
  if (input.pullRequestId != null) return recordOf(input.pullRequestId, ["PullRequest"], ask);
  if (input.pullRequestReviewId == null)
    throw refusal("UNPROCESSABLE", "Either pullRequestId or pullRequestReviewId is required.");
  const review = await recordOf(input.pullRequestReviewId, ["PullRequestReview"], ask);
  return ask.state.pulls.rows.get(review.pullId)!;
}
