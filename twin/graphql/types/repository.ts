import type * as github from "@octokit/graphql-schema";
import { labelByName, accountOf, fullName, issueByNumber, pullByNumber } from "../../store.ts";
import type { Repository as Source } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { iso } from "../../payloads/common.ts";
import { mergeSettings, repositoryPayload } from "../../payloads/repository.ts";
import { childrenOf } from "../../table.ts";
import { atLeast, levelOf } from "../../viewer.ts";
import { actorSource } from "../accounts.ts";
import type { Ask, Fields } from "../ask.ts";
import { byId, connection } from "../connection.ts";
import { collaboratorConnection, membersOf } from "../collaborators.ts";
import { labelOrder } from "../conversation.ts";
import { issueConnection, pullConnection } from "../issues.ts";
import { pathOf, repositoryPage } from "../places.ts";
import { refusal } from "../refusal.ts";
import { issueOrPull } from "../subjects.ts";
import { repositoryGitFields } from "./repositoryGit.ts";

export const Repository: Fields<github.Repository, Source> = {
  ...repositoryGitFields,
  id: (repository) => nodeId("Repository", repository.id),
  databaseId: (repository) => repository.id,
  name: (repository) => repository.name,
  nameWithOwner: (repository, _args, { state }) => fullName(state, repository),
  owner: (repository, _args, { state }) => actorSource(accountOf(state, repository.ownerId)),
  description: (repository) => repository.description,
  homepageUrl: () => null,
  url: (repository, _args, { world }) => repositoryPage(world, repository),
  resourcePath: (repository, _args, { world }) => pathOf(repositoryPage(world, repository)),
  sshUrl: (repository, _args, { world }) => repositoryPayload(world, repository).ssh_url,
  createdAt: (repository) => iso(repository.createdAt),
  updatedAt: (repository) => iso(repository.updatedAt),
  pushedAt: (repository) => iso(repository.pushedAt),
  isPrivate: (repository) => repository.private,
  visibility: (repository) => (repository.private ? "PRIVATE" : "PUBLIC"),
  isArchived: (repository) => repository.archived,
  isInOrganization: (repository, _args, { state }) =>
    accountOf(state, repository.ownerId).type === "Organization",
  isDisabled: () => false,
  isFork: () => false,
  isLocked: () => false,
  isMirror: () => false,
  isTemplate: () => false,
  parent: () => null,
  forkCount: () => 0,
  stargazerCount: () => 0,
  hasIssuesEnabled: () => true,
  mergeCommitAllowed: (repository) => repository.mergeMethods.merge,
  squashMergeAllowed: (repository) => repository.mergeMethods.squash,
  rebaseMergeAllowed: (repository) => repository.mergeMethods.rebase,
  autoMergeAllowed: (repository) => mergeSettings(repository).allow_auto_merge,
  allowUpdateBranch: (repository) => mergeSettings(repository).allow_update_branch,
  deleteBranchOnMerge: (repository) => repository.deleteBranchOnMerge,
  mergeQueue: () => null,
  viewerPermission: (repository, _args, ask) => viewerLevel(repository, ask),
  viewerCanAdminister: (repository, _args, ask) => viewerLevel(repository, ask) === "ADMIN",
  collaborators: collaboratorConnection,
  assignableUsers: (repository, args: github.RepositoryAssignableUsersArgs, ask) =>
    connection(membersOf(ask.state, repository), args, ask.info, byId),
  issue: (repository, { number }: github.RepositoryIssueArgs, { state }) => {
    const issue = issueByNumber(state, repository.id, number);
    if (!issue || issue.isPull) throw noSuchNumber("an Issue", number);
    return issue;
  },
  pullRequest: (repository, { number }: github.RepositoryPullRequestArgs, { state }) => {
    const pull = pullByNumber(state, repository.id, number);
    if (!pull) throw noSuchNumber("a PullRequest", number);
    return pull;
  },
  issueOrPullRequest: (repository, { number }: github.RepositoryIssueOrPullRequestArgs, { state }) => {
    const issue = issueByNumber(state, repository.id, number);
    if (!issue) throw noSuchNumber("an issue or pull request", number);
    return issueOrPull(state, issue);
  },
  issues: (repository, args: github.RepositoryIssuesArgs, ask) =>
    issueConnection(childrenOf(ask.state.issues, repository.id), args, ask),
  pullRequests: (repository, args: github.RepositoryPullRequestsArgs, ask) =>
    pullConnection(childrenOf(ask.state.pulls, repository.id), args, ask),
  label: (repository, { name }: github.RepositoryLabelArgs, { state }) =>
    labelByName(state, repository.id, name) ?? null,
  labels: (repository, args: github.RepositoryLabelsArgs, ask) => {
    const text = args.query?.toLowerCase() ?? "";
    const found = childrenOf(ask.state.labels, repository.id).filter((label) =>
      `${label.name} ${label.description ?? ""}`.toLowerCase().includes(text),
    );
    return connection(found, args, ask.info, labelOrder(args.orderBy));
  },
};

/** GitHub documents null for apps. */
function viewerLevel(repository: Source, { viewer }: Ask): string | null {
  if (viewer.kind !== "user") return null;
  const level = levelOf(repository, viewer.account);
  return atLeast(level, "read") ? level.toUpperCase() : null;
}

function noSuchNumber(what: string, number: number) {
  return refusal("NOT_FOUND", `Could not resolve to ${what} with the number of ${number}.`);
}
