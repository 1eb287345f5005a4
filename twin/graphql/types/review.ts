import type * as github from "@octokit/graphql-schema";
import type { Pull, Review } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { isoOrNull } from "../../payloads/common.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { accountOf, issueOfPull, repositoryOf, reviewCommentsOf } from "../../store.ts";
import { atLeast, levelOf } from "../../viewer.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { byId, connection } from "../connection.ts";
import { minimizableFields } from "../minimizable.ts";
import { writingFields } from "../writing.ts";

export const PullRequestReview: Fields<github.PullRequestReview, Review> = {
  ...writingFields<Review>({
    writing: (review) => review,
    url: (review, ask) =>
      `${issueUrl(ask.world, issueOfPull(ask.state, pullOf(review, ask)))}#pullrequestreview-${review.id}`,
  }),
  ...minimizableFields<Review>(),
  id: (review) => nodeId("PullRequestReview", review.id),
  databaseId: (review) => review.id,
  fullDatabaseId: (review) => String(review.id),
  state: (review) => review.state,
  submittedAt: (review) => isoOrNull(review.submittedAt),
  publishedAt: (review) => isoOrNull(review.submittedAt),
  pullRequest: (review, _args, ask) => pullOf(review, ask),
  commit: (review, _args, ask): GitObject => ({
    repositoryId: pullOf(review, ask).repositoryId,
    oid: review.commitSha,
  }),
  authorCanPushToRepository: (review, _args, ask) => {
    const repository = repositoryOf(ask.state, pullOf(review, ask));
    return atLeast(levelOf(repository, accountOf(ask.state, review.authorId)), "write");
  },
  comments: (review, args: github.PullRequestReviewCommentsArgs, ask) => {
    const comments = reviewCommentsOf(ask.state, review.pullId);
    const own = comments.filter((comment) => comment.reviewId === review.id);
    return connection(own, args, ask.info, byId);
  },
};

function pullOf(review: Review, { state }: Ask): Pull {
  return state.pulls.rows.get(review.pullId)!;
}
