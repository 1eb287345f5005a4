import type * as github from "@octokit/graphql-schema";
import type { Issue, Label as Source } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { issueOfPull } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { homeOf } from "../ask.ts";
import type { Ask, Fields } from "../ask.ts";
import { issueConnection, pullConnection } from "../issues.ts";
import { pathOf, repositoryPage } from "../places.ts";

export const Label: Fields<github.Label, Source> = {
  id: (label) => nodeId("Label", label.id),
  name: (label) => label.name,
  color: (label) => label.color,
  description: (label) => label.description,
  isDefault: (label) => label.default,
  repository: (label, _args, { state }) => homeOf(state, label),
  url: (label, _args, ask) => pageOf(label, ask),
  resourcePath: (label, _args, ask) => pathOf(pageOf(label, ask)),
  issues: (label, args: github.LabelIssuesArgs, ask) => {
    const issues = childrenOf(ask.state.issues, label.repositoryId);
    return issueConnection(issues.filter(has(label)), args, ask);
  },
  pullRequests: (label, args: github.LabelPullRequestsArgs, ask) => {
    const pulls = childrenOf(ask.state.pulls, label.repositoryId);
    const labelled = pulls.filter((pull) => has(label)(issueOfPull(ask.state, pull)));
    return pullConnection(labelled, args, ask);
  },
};

function has(label: Source) {
  return (issue: Issue): boolean => issue.labelIds.includes(label.id);
}

function pageOf(label: Source, ask: Ask): string {
  const page = repositoryPage(ask.world, homeOf(ask.state, label)!);
  return `${page}/labels/${encodeURIComponent(label.name)}`;
}
