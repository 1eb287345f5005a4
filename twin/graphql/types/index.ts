import type { Resolve } from "../ask.ts";
import { Mutation } from "../mutations/index.ts";
import * as account from "./account.ts";
import * as app from "./app.ts";
import * as check from "./check.ts";
import * as commit from "./commit.ts";
import * as issue from "./issue.ts";
import * as issueComment from "./issueComment.ts";
import * as label from "./label.ts";
import * as pullRequest from "./pullRequest.ts";
import { PullRequestCommit } from "./pullRequestGit.ts";
import { ReviewRequest } from "./pullRequestReviews.ts";
import * as pullTimeline from "./pullTimeline.ts";
import * as query from "./query.ts";
import * as reaction from "./reaction.ts";
import * as ref from "./ref.ts";
import * as repository from "./repository.ts";
import * as review from "./review.ts";
import * as reviewComment from "./reviewComment.ts";
import { PullRequestReviewThread } from "./reviewThread.ts";
import * as rollup from "./rollup.ts";
import * as timeline from "./timeline.ts";
import { Blob, Tree, TreeEntry } from "./tree.ts";
import * as userContentEdit from "./userContentEdit.ts";

/** The types that the twin resolves, by name; those that aren't here are answered with plain objects. */
export const types: Readonly<Record<string, Readonly<Record<string, Resolve<never>>>>> = {
  ...query,
  Mutation,
  ...account,
  ...app,
  ...repository,
  ...ref,
  ...commit,
  Tree,
  TreeEntry,
  Blob,
  ...label,
  ...issue,
  ...issueComment,
  ...reaction,
  ...userContentEdit,
  ...timeline,
  ...pullTimeline,
  ...pullRequest,
  PullRequestCommit,
  ReviewRequest,
  ...review,
  ...reviewComment,
  PullRequestReviewThread,
  ...check,
  ...rollup,
};
