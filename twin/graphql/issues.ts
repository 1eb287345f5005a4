import type * as github from "@octokit/graphql-schema";
import type { Issue, Pull } from "../model.ts";
import { accountByLogin, issueOfPull, labelByName } from "../store.ts";
import type { State } from "../store.ts";
import type { Ask } from "./ask.ts";
import { connection } from "./connection.ts";
import type { Listing } from "./connection.ts";

/** A connection of issues, filtered and ordered as its arguments say. */
export function issueConnection(issues: readonly Issue[], args: github.RepositoryIssuesArgs, ask: Ask) {
  const { filterBy } = args;
  const labels = args.labels ?? filterBy?.labels;
  const states = args.states ?? filterBy?.states;
  const found = issues.filter(
    (issue) =>
      !issue.isPull &&
      hasState(issue.state, states) &&
      hasAnyLabel(ask.state, issue, labels) &&
      fits(ask.state, issue, filterBy),
  );
  return connection(
    found,
    args,
    ask.info,
    ordered(ask.state, args.orderBy, (issue) => issue),
  );
}

/** A connection of pull requests, filtered and ordered as its arguments say. */
export function pullConnection(pulls: readonly Pull[], args: github.RepositoryPullRequestsArgs, ask: Ask) {
  const found = pulls.filter(
    (pull) =>
      (args.headRefName == null || args.headRefName === pull.headRef) &&
      (args.baseRefName == null || args.baseRefName === pull.baseRef) &&
      hasState(pullState(ask.state, pull), args.states) &&
      hasAnyLabel(ask.state, issueOfPull(ask.state, pull), args.labels),
  );
  const listing = ordered<Pull>(ask.state, args.orderBy, (pull) => issueOfPull(ask.state, pull));
  return connection(found, args, ask.info, listing);
}

/** OPEN, CLOSED or MERGED. */
export function pullState(state: State, pull: Pull): "OPEN" | "CLOSED" | "MERGED" {
  if (pull.merged) return "MERGED";
  return issueOfPull(state, pull).state === "open" ? "OPEN" : "CLOSED";
}

function hasState(state: string, wanted: readonly string[] | null | undefined): boolean {
  return wanted == null || wanted.length === 0 || wanted.includes(state.toUpperCase());
}

/** Of several labels GitHub wants any one. */
function hasAnyLabel(state: State, issue: Issue, names: readonly string[] | null | undefined): boolean {
  if (names == null || names.length === 0) return true;
  return names.some((name) => {
    const label = labelByName(state, issue.repositoryId, name);
    return label !== undefined && issue.labelIds.includes(label.id);
  });
}

function fits(state: State, issue: Issue, filter: github.IssueFilters | null | undefined): boolean {
  if (!filter) return true;
  const { since, createdBy, assignee } = filter;
  if (since != null && issue.updatedAt < Date.parse(String(since))) return false;
  if (createdBy != null && accountByLogin(state, createdBy)?.id !== issue.authorId) return false;
  if (assignee == null) return true;
  if (assignee === "*") return issue.assigneeIds.length > 0;
  const account = accountByLogin(state, assignee);
  return account !== undefined && issue.assigneeIds.includes(account.id);
}

function ordered<Item>(
  state: State,
  order: github.IssueOrder | null | undefined,
  issueOf: (item: Item) => Issue,
): Listing<Item> {
  const place = (issue: Issue): number => {
    switch (order?.field ?? "CREATED_AT") {
      case "CREATED_AT":
        return issue.createdAt;
      case "UPDATED_AT":
        return issue.updatedAt;
      case "COMMENTS":
        return state.comments.children.get(issue.id)?.size ?? 0;
    }
  };
  return {
    key: (item) => [place(issueOf(item)), issueOf(item).id],
    descending: (order?.direction ?? "ASC") === "DESC",
  };
}
