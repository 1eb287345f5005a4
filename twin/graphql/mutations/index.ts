import type * as github from "@octokit/graphql-schema";
import type { Fields } from "../ask.ts";
import { commentMutations } from "./comment.ts";
import { issueMutations } from "./issue.ts";
import { labelMutations } from "./label.ts";
import { pullRequestMutations } from "./pullRequest.ts";
import { reactionMutations } from "./reaction.ts";
import { refMutations } from "./ref.ts";
import { reviewMutations } from "./review.ts";
import { reviewThreadMutations } from "./reviewThread.ts";

export const Mutation: Fields<github.Mutation, undefined> = {
  ...commentMutations,
  ...reactionMutations,
  ...labelMutations,
  ...issueMutations,
  ...refMutations,
  ...pullRequestMutations,
  ...reviewMutations,
  ...reviewThreadMutations,
};
