import type * as github from "@octokit/graphql-schema";
import { diffFiles } from "../../git/compare.ts";
import type { FileChange } from "../../git/compare.ts";
import { listTree } from "../../git/objects.ts";
import { keyedNodeId } from "../../nodeIds.ts";
import { iso } from "../../payloads/common.ts";
import { repositoryOf, statusesOf, suitesOf } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { authorsOf, gitActor } from "../authors.ts";
import { byId, byPosition, connection } from "../connection.ts";
import { historyOf } from "../history.ts";
import { pullConnection } from "../issues.ts";
import { commitAt, dirOf } from "../objects.ts";
import { pathOf, repositoryPage } from "../places.ts";
import { commitsOf } from "../pullGit.ts";
import { rollupOf } from "../rollup.ts";
import { gitObjectFields } from "./tree.ts";
import type { TreeEntrySource } from "./tree.ts";

/** The tree without anything in it: what a first commit is compared with. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export const Commit: Fields<github.Commit, GitObject> = {
  ...gitObjectFields,
  id: ({ repositoryId, oid }) => keyedNodeId("Commit", repositoryId, oid),
  url: (commit, _args, ask) => pageOf(commit, ask),
  resourcePath: (commit, _args, ask) => pathOf(pageOf(commit, ask)),
  message: async (commit, _args, { world }) => (await commitAt(world, commit)).message,
  messageHeadline: async (commit, _args, { world }) =>
    halves((await commitAt(world, commit)).message).headline,
  messageBody: async (commit, _args, { world }) => halves((await commitAt(world, commit)).message).body,
  authoredDate: async (commit, _args, { world }) => iso((await commitAt(world, commit)).author.at),
  committedDate: async (commit, _args, { world }) => iso((await commitAt(world, commit)).committer.at),
  author: async (commit, _args, { world }) => gitActor(world, (await commitAt(world, commit)).author),
  committer: async (commit, _args, { world }) => gitActor(world, (await commitAt(world, commit)).committer),
  authoredByCommitter: async (commit, _args, { world }) => {
    const { author, committer } = await commitAt(world, commit);
    return author.email === committer.email;
  },
  authors: async (commit, args: github.CommitAuthorsArgs, ask) =>
    connection(authorsOf(await commitAt(ask.world, commit)), args, ask.info, {
      ...byPosition,
      node: (person) => gitActor(ask.world, person),
    }),
  parents: async (commit, args: github.CommitParentsArgs, ask) =>
    connection((await commitAt(ask.world, commit)).parents, args, ask.info, {
      ...byPosition,
      node: (oid): GitObject => ({ repositoryId: commit.repositoryId, oid }),
    }),
  history: historyOf,
  tree: async ({ repositoryId, ...commit }, _args, { world }): Promise<GitObject> => ({
    repositoryId,
    oid: (await commitAt(world, { repositoryId, ...commit })).treeSha,
  }),
  file: fileOf,
  additions: async (commit, _args, ask) => sum(await changesOf(commit, ask), (file) => file.additions),
  deletions: async (commit, _args, ask) => sum(await changesOf(commit, ask), (file) => file.deletions),
  changedFilesIfAvailable: async (commit, _args, ask) => (await changesOf(commit, ask)).length,
  statusCheckRollup: ({ repositoryId, oid }, _args, { state }) => rollupOf(state, repositoryId, oid),
  status: (commit, _args, { state }) =>
    statusesOf(state, commit.repositoryId, commit.oid).length > 0 ? commit : null,
  checkSuites: (commit, args: github.CommitCheckSuitesArgs, ask) => {
    const { appId, checkName } = args.filterBy ?? {};
    const found = suitesOf(ask.state, commit.repositoryId, commit.oid).filter(
      (suite) =>
        (appId == null || suite.appId === appId) &&
        (checkName == null ||
          childrenOf(ask.state.checkRuns, suite.id).some((run) => run.name === checkName)),
    );
    return connection(found, args, ask.info, byId);
  },
  associatedPullRequests,
};

/** The pull requests that brought the commit in, or would. */
async function associatedPullRequests(
  commit: GitObject,
  args: github.CommitAssociatedPullRequestsArgs,
  ask: Ask,
) {
  const pulls = childrenOf(ask.state.pulls, commit.repositoryId);
  const holds = await Promise.all(
    pulls.map(
      async (pull) =>
        pull.merged?.commitSha === commit.oid ||
        (await commitsOf(ask.world, pull)).some((each) => each.sha === commit.oid),
    ),
  );
  const found = pulls.filter((_pull, index) => holds[index]);
  const { orderBy: _ours, ...page } = args;
  return pullConnection(found, page, ask);
}

async function fileOf(commit: GitObject, { path }: github.CommitFileArgs, { world }: Ask) {
  const { repositoryId, oid } = commit;
  const [entry] = await listTree(dirOf(world, commit), oid, { path });
  const source = entry && { repositoryId, entry, path, name: path.slice(path.lastIndexOf("/") + 1) };
  return (source satisfies TreeEntrySource | undefined) ?? null;
}

async function changesOf(commit: GitObject, { world }: Ask): Promise<FileChange[]> {
  const [parent] = (await commitAt(world, commit)).parents;
  return diffFiles(dirOf(world, commit), parent ?? emptyTree, commit.oid);
}

function sum(files: readonly FileChange[], of: (file: FileChange) => number): number {
  return files.reduce((total, file) => total + of(file), 0);
}

function halves(message: string): { headline: string; body: string } {
  const cut = message.indexOf("\n");
  if (cut < 0) return { headline: message, body: "" };
  return { headline: message.slice(0, cut), body: message.slice(cut).trim() };
}

function pageOf(commit: GitObject, { world, state }: Ask): string {
  return `${repositoryPage(world, repositoryOf(state, commit))}/commit/${commit.oid}`;
}
