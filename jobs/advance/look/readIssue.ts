import { GraphqlResponseError } from "@octokit/graphql";

import { isNotFound } from "../../../app/github.ts";
import type { Installation } from "../../../app/github.ts";
import type { IssueSubject } from "../../../app/subject.ts";
import { branchRoot } from "../decide/branches.ts";
import { NO_HINTS } from "./hints.ts";
import type { Hints } from "./hints.ts";
import { allOf, whole } from "./pager.ts";
import { LookIssueDocument } from "./queries.gen.ts";
import type {
  IssueFieldsFragment,
  LookIssueQuery,
  LookIssueQueryVariables,
  PlanFieldsFragment,
  PullFieldsFragment,
} from "./queries.gen.ts";

export type RepositoryFields = NonNullable<LookIssueQuery["repository"]>;

/** What the one call of a look found. The issue is whole; of the rest there is what `hints` named, with its first pages. */
export type Reading =
  | { kind: "notFound" }
  | { kind: "pull"; branch: string | null }
  | {
      kind: "issue";
      repository: RepositoryFields;
      issue: IssueFieldsFragment;
      pulls: PullFieldsFragment[];
      plan: PlanFieldsFragment | null;
      hints: Hints;
    };

/** How many pull requests one call asks for: with more it would cost GitHub's limits too much. */
export const PULLS_A_CALL = 20;

/** What the repository calls `refPrefix`: the branches of one generation of an issue. */
export const branchesOf = (issue: number, generation: number): string =>
  `refs/heads/${branchRoot(issue, generation)}/`;

export async function readIssue(github: Installation, subject: IssueSubject, hints: Hints): Promise<Reading> {
  const { owner, name, number } = subject;
  const variables: LookIssueQueryVariables = {
    owner,
    name,
    number,
    branches: branchesOf(number, hints.generation),
    pulls: hints.pulls.slice(0, PULLS_A_CALL),
    plan: hints.plan === null ? [] : [hints.plan],
  };
  try {
    const { repository, pulls, plan } = await github.query<LookIssueQuery>(LookIssueDocument, variables);
    const found = repository?.issueOrPullRequest;
    if (!found) return { kind: "notFound" };
    if (found.kind === "PullRequest")
      return { kind: "pull", branch: found.isCrossRepository ? null : found.headRefName };
    return {
      kind: "issue",
      repository,
      issue: await wholeIssue(github, found),
      pulls: pullsAmong(pulls),
      plan: planAmong(plan),
      hints,
    };
  } catch (error) {
    if (isWrongHint(error)) return readIssue(github, subject, NO_HINTS);
    if (isNotFound(error)) return { kind: "notFound" };
    throw error;
  }
}

/** The pull requests among `nodes`, which GitHub types as anything that has an id. */
export const pullsAmong = (nodes: LookIssueQuery["pulls"]): PullFieldsFragment[] =>
  nodes.filter((node): node is PullFieldsFragment => node !== null && "headRefName" in node);

/** The plan comment in the answer, if it is one. */
export const planAmong = (nodes: LookIssueQuery["plan"]): PlanFieldsFragment | null =>
  nodes.find((node): node is PlanFieldsFragment => node !== null && "userContentEdits" in node) ?? null;

/** Whether nothing but what the hints named is missing. */
function isWrongHint(error: unknown): boolean {
  if (!(error instanceof GraphqlResponseError) || !isNotFound(error)) return false;
  return error.errors?.every((each) => ["pulls", "plan"].includes(each.path[0] ?? "")) ?? false;
}

async function wholeIssue(github: Installation, issue: IssueFieldsFragment): Promise<IssueFieldsFragment> {
  const { id } = issue;
  return {
    ...issue,
    labels: whole(await allOf(github, "issueLabels", { id }, issue.labels)),
    comments: whole(await allOf(github, "comments", { id }, issue.comments)),
    timelineItems: whole(await allOf(github, "issueEvents", { id }, issue.timelineItems)),
    userContentEdits: whole(await allOf(github, "edits", { id }, issue.userContentEdits)),
  };
}
