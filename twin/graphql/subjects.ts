import type { Issue } from "../model.ts";
import { pullOfIssue } from "../store.ts";
import type { State } from "../store.ts";
import { Typed } from "./ask.ts";

/** An issue, or the pull request that it is the issue side of. */
export function issueOrPull(state: State, issue: Issue): Typed {
  const pull = pullOfIssue(state, issue);
  return pull ? new Typed("PullRequest", pull) : new Typed("Issue", issue);
}

/** What reactions with this subject are to; undefined when it is gone. */
export function reactableById(state: State, id: number): Typed | undefined {
  const issue = state.issues.rows.get(id);
  if (issue) return issueOrPull(state, issue);
  const comment = state.comments.rows.get(id);
  if (comment) return new Typed("IssueComment", comment);
  const reviewComment = state.reviewComments.rows.get(id);
  if (reviewComment) return new Typed("PullRequestReviewComment", reviewComment);
  const review = state.reviews.rows.get(id);
  return review && new Typed("PullRequestReview", review);
}
