import type { Issue, Pull, Reactable } from "../../model.ts";
import { issueOfPull } from "../../store.ts";
import type { Ask } from "../ask.ts";
import { recordOf } from "../nodes.ts";

/** The issue, or the issue side of the pull request, that a node id stands for. */
export async function subjectIssue(id: string, ask: Ask): Promise<Issue> {
  return issueSide(await recordOf(id, ["Issue", "PullRequest"], ask), ask);
}

/** What can be reacted to, by its node id. */
export async function reactableNode(id: string, ask: Ask): Promise<Reactable> {
  const names = [
    "Issue",
    "PullRequest",
    "IssueComment",
    "PullRequestReview",
    "PullRequestReviewComment",
  ] as const;
  const found = await recordOf(id, names, ask);
  return "headSha" in found ? issueSide(found, ask) : found;
}

function issueSide(found: Issue | Pull, { state }: Ask): Issue {
  return "headSha" in found ? issueOfPull(state, found) : found;
}
