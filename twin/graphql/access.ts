import { getNamedType } from "graphql";
import { needs, readOf } from "../needs.ts";
import type { State } from "../store.ts";
import { demand } from "../viewer.ts";
import type { Need } from "../viewer.ts";
import { homeOf, Typed } from "./ask.ts";
import type { Ask } from "./ask.ts";
import { belongingOf } from "./belonging.ts";

/**
 * What reading a type takes. GitHub has no such table for GraphQL and refers to REST's:
 * https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/choosing-permissions-for-a-github-app#choosing-permissions-for-graphql-api-access
 */
const reading: Readonly<Record<string, Need>> = {
  Issue: { app: ["issues:read"], person: "read" },
  Label: needs.readLabels,
  PullRequest: needs.readPulls,
  PullRequestChangedFile: needs.readPulls,
  PullRequestReview: needs.readPulls,
  PullRequestReviewComment: needs.readPulls,
  PullRequestReviewThread: needs.readPulls,
  Ref: needs.readContents,
  Commit: needs.readContents,
  CommitHistory: needs.readContents,
  PullRequestCommit: needs.readContents,
  Tree: needs.readContents,
  TreeEntry: needs.readContents,
  Blob: needs.readContents,
  GitObject: needs.readContents,
  CheckSuite: needs.readChecks,
  CheckRun: needs.readChecks,
  Status: needs.readStatuses,
  StatusContext: needs.readStatuses,
  StatusCheckRollup: { app: ["checks:read", "statuses:read"], person: "read" },
};

/**
 * Guards a field by the type that it answers with, be it a single one or a connection, before it is resolved: also an
 * empty list takes the permission.
 *
 * @throws GitHubError as `demand`
 */
export function guardField(source: unknown, ask: Ask): void {
  const typeName = getNamedType(ask.info.returnType).name.replace(/Connection$/, "");
  const need = reading[typeName];
  const repository = need && homeOf(ask.state, source);
  if (repository) demand(ask.viewer, repository, need);
}

/**
 * Guards what stands for an interface or a union, whose type is known only now. In a list a refusal takes the place of its
 * item, so that the others are answered.
 */
export function guardValue(value: unknown, ask: Ask): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => guardItem(item, ask));
  if (value instanceof Typed) guardTyped(value, ask);
  return value;
}

function guardItem(item: unknown, ask: Ask): unknown {
  try {
    return guardValue(item, ask);
  } catch (error) {
    // graphql-js reports an Error in a list at the item's own path.
    return error;
  }
}

function guardTyped(value: Typed, { state, viewer }: Ask): void {
  const subject = belongingOf(state, value);
  if (!subject) return;
  const need = reading[subject.__typename] ?? conversationNeed(state, subject.source);
  const repository = need && homeOf(state, subject.source);
  if (repository) demand(viewer, repository, need);
}

/** Comments and events are read by whoever reads the issue or pull request that they are of. */
function conversationNeed(state: State, source: object): Need | undefined {
  const issue = "issueId" in source ? state.issues.rows.get(source.issueId as number) : undefined;
  return issue && readOf(issue);
}
