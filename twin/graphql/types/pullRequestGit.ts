import type * as github from "@octokit/graphql-schema";
import { issuesClosedBy } from "../../acts/closing.ts";
import type { FileChange } from "../../git/compare.ts";
import { mergeabilityOf } from "../../mergeability.ts";
import type { Pull } from "../../model.ts";
import { keyedNodeId } from "../../nodeIds.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { accountOf, issueOfPull, repositoryOf } from "../../store.ts";
import { actorSource } from "../accounts.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { byPosition, connection } from "../connection.ts";
import { issueConnection } from "../issues.ts";
import { pathOf } from "../places.ts";
import { commitsOf, filesOf } from "../pullGit.ts";
import type { PullCommit } from "../pullGit.ts";
import { existingRef } from "../refs.ts";
import { rollupOf } from "../rollup.ts";

/** What a pull request tells of its branches, commits and files. */
export const pullGitFields = {
  headRefName: (pull) => pull.headRef,
  headRefOid: (pull) => pull.headSha,
  headRef: (pull, _args, { world }) =>
    pull.headDeleted ? null : existingRef(world, pull.repositoryId, `refs/heads/${pull.headRef}`),
  headRepository: (pull, _args, { state }) => repositoryOf(state, pull),
  headRepositoryOwner: (pull, _args, { state }) =>
    actorSource(accountOf(state, repositoryOf(state, pull).ownerId)),
  baseRefName: (pull) => pull.baseRef,
  baseRefOid: (pull) => pull.baseSha,
  baseRef: (pull, _args, { world }) => existingRef(world, pull.repositoryId, `refs/heads/${pull.baseRef}`),
  baseRepository: (pull, _args, { state }) => repositoryOf(state, pull),
  // The twin has no forks.
  isCrossRepository: () => false,
  mergeCommit: (pull): GitObject | null =>
    pull.merged && { repositoryId: pull.repositoryId, oid: pull.merged.commitSha },
  mergeable: async (pull, _args, { world }) =>
    mergeableNames[String((await mergeabilityOf(world, pull)).mergeable)],
  mergeStateStatus: async (pull, _args, { world }) =>
    (await mergeabilityOf(world, pull)).mergeable_state.toUpperCase(),
  canBeRebased: async (pull, _args, { world }) => (await mergeabilityOf(world, pull)).rebaseable ?? false,
  additions: (pull) => pull.size.additions,
  deletions: (pull) => pull.size.deletions,
  changedFiles: (pull) => pull.size.changedFiles,
  commits: async (pull, args: github.PullRequestCommitsArgs, ask) =>
    connection(await commitsOf(ask.world, pull), args, ask.info, {
      ...byPosition,
      node: (commit): PullCommit => ({ repositoryId: pull.repositoryId, pull, oid: commit.sha }),
    }),
  files: async (pull, args: github.PullRequestFilesArgs, ask) =>
    connection(await filesOf(ask.world, pull), args, ask.info, { ...byPosition, node: changedFile }),
  statusCheckRollup: (pull, _args, { state }) => rollupOf(state, pull.repositoryId, pull.headSha),
  closingIssuesReferences: (pull, args: github.PullRequestClosingIssuesReferencesArgs, ask) =>
    issueConnection(closes(pull, ask), args, ask),
} satisfies Fields<github.PullRequest, Pull>;

const mergeableNames: Readonly<Record<string, string>> = {
  true: "MERGEABLE",
  false: "CONFLICTING",
  null: "UNKNOWN",
};

export const PullRequestCommit: Fields<github.PullRequestCommit, PullCommit> = {
  id: ({ pull, oid }) => keyedNodeId("PullRequestCommit", pull.repositoryId, `${pull.id}:${oid}`),
  commit: ({ repositoryId, oid }): GitObject => ({ repositoryId, oid }),
  pullRequest: ({ pull }) => pull,
  url: (commit, _args, ask) => commitUrl(commit, ask),
  resourcePath: (commit, _args, ask) => pathOf(commitUrl(commit, ask)),
};

/** Only pull requests into the default branch close issues. */
function closes(pull: Pull, { world, state }: Ask) {
  const repository = repositoryOf(state, pull);
  if (pull.baseRef !== repository.defaultBranch) return [];
  return issuesClosedBy(world, repository, issueOfPull(state, pull).body);
}

const changeTypes = {
  added: "ADDED",
  removed: "DELETED",
  modified: "MODIFIED",
  renamed: "RENAMED",
  copied: "COPIED",
  changed: "CHANGED",
} as const satisfies Record<FileChange["status"], string>;

function changedFile(file: FileChange) {
  const { path, additions, deletions } = file;
  return { path, additions, deletions, changeType: changeTypes[file.status], viewerViewedState: "UNVIEWED" };
}

function commitUrl({ pull, oid }: PullCommit, { world, state }: Ask): string {
  return `${issueUrl(world, issueOfPull(state, pull))}/commits/${oid}`;
}
