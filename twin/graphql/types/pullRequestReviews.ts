import type * as github from "@octokit/graphql-schema";
import type { Pull, Review } from "../../model.ts";
import { keyedNodeId } from "../../nodeIds.ts";
import { commentsSeen } from "../../lookup.ts";
import { accountOf, reviewCommentsOf } from "../../store.ts";
import { actor } from "../../viewer.ts";
import { actorById } from "../accounts.ts";
import type { Fields } from "../ask.ts";
import { byId, byPosition, connection } from "../connection.ts";
import {
  latestOpinions,
  latestReviews,
  reviewDecision,
  visibleReviews,
  visibleThreads,
} from "../reviewing.ts";

/** A request for a review by someone: the source of `ReviewRequest`. */
export interface ReviewRequestSource {
  repositoryId: number;
  pull: Pull;
  reviewerId: number;
}

/** What a pull request tells of its reviews. */
export const pullReviewFields = {
  reviewDecision: (pull, _args, { state }) => reviewDecision(state, pull),
  reviews: (pull, args: github.PullRequestReviewsArgs, ask) => {
    const states: string[] | null | undefined = args.states;
    const found = visibleReviews(pull, ask).filter(
      (review) =>
        (states == null || states.includes(review.state)) &&
        (args.author == null || accountOf(ask.state, review.authorId).login === args.author),
    );
    return connection(found, args, ask.info, bySubmission);
  },
  latestReviews: (pull, args: github.PullRequestLatestReviewsArgs, ask) => {
    // Whoever is asked again has no latest review.
    const found = latestReviews(ask.state, pull).filter(
      (review) => !pull.requestedReviewerIds.includes(review.authorId),
    );
    return connection(found, args, ask.info, bySubmission);
  },
  latestOpinionatedReviews: (pull, args: github.PullRequestLatestOpinionatedReviewsArgs, ask) =>
    connection(latestOpinions(ask.state, pull, args.writersOnly ?? false), args, ask.info, bySubmission),
  viewerLatestReview: (pull, _args, { state, viewer }) =>
    latestReviews(state, pull).find((review) => review.authorId === actor(viewer).id) ?? null,
  reviewRequests: (pull, args: github.PullRequestReviewRequestsArgs, ask) =>
    connection(pull.requestedReviewerIds, args, ask.info, {
      ...byPosition,
      node: (reviewerId): ReviewRequestSource => ({ repositoryId: pull.repositoryId, pull, reviewerId }),
    }),
  reviewThreads: (pull, args: github.PullRequestReviewThreadsArgs, ask) =>
    connection(visibleThreads(pull, ask), args, ask.info, byId),
  totalCommentsCount: (pull, _args, { world, state }) =>
    commentsSeen(world, pull.issueId).length + reviewCommentsOf(state, pull.id).length,
} satisfies Fields<github.PullRequest, Pull>;

export const ReviewRequest: Fields<github.ReviewRequest, ReviewRequestSource> = {
  id: ({ pull, reviewerId }) => keyedNodeId("ReviewRequest", pull.repositoryId, `${pull.id}:${reviewerId}`),
  asCodeOwner: () => false,
  pullRequest: ({ pull }) => pull,
  requestedReviewer: ({ reviewerId }, _args, { state }) => actorById(state, reviewerId),
};

const bySubmission = {
  key: (review: Review) => [review.submittedAt ?? Number.MAX_SAFE_INTEGER, review.id],
};
