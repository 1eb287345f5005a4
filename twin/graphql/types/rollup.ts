import type * as github from "@octokit/graphql-schema";
import { runsOn, stateOfCommit, stateOfStatus, worstState } from "../../checkState.ts";
import type { CommitStatus } from "../../model.ts";
import { keyedNodeId, nodeId } from "../../nodeIds.ts";
import { iso } from "../../payloads/common.ts";
import { simpleStatus } from "../../payloads/check.ts";
import { statusesOf } from "../../store.ts";
import { actorById } from "../accounts.ts";
import type { Ask, Fields, GitObject } from "../ask.ts";
import { byPosition, connection } from "../connection.ts";
import type { PageArgs } from "../connection.ts";
import { isRequired } from "../required.ts";
import { contextsOf } from "../rollup.ts";

/** All that was said of a commit. */
export const StatusCheckRollup: Fields<github.StatusCheckRollup, GitObject> = {
  id: (commit) => keyedNodeId("StatusCheckRollup", commit.repositoryId, commit.oid),
  commit: (commit) => commit,
  state: (commit, _args, { state }) => stateOfCommit(state, commit.repositoryId, commit.oid),
  contexts: contextConnection,
};

/** The commit statuses of a commit. */
export const Status: Fields<github.Status, GitObject> = {
  id: (commit) => keyedNodeId("Status", commit.repositoryId, commit.oid),
  commit: (commit) => commit,
  state: (commit, _args, { state }) =>
    worstState(statusesOf(state, commit.repositoryId, commit.oid).map(stateOfStatus)),
  contexts: (commit, _args, { state }) => statusesOf(state, commit.repositoryId, commit.oid),
  context: (commit, { name }: github.StatusContextArgs, { state }) =>
    statusesOf(state, commit.repositoryId, commit.oid).find((status) => status.context === name) ?? null,
  combinedContexts: contextConnection,
};

export const StatusContext: Fields<github.StatusContext, CommitStatus> = {
  id: (status) => nodeId("StatusContext", status.id),
  context: (status) => status.context,
  state: (status) => stateOfStatus(status),
  description: (status) => status.description,
  targetUrl: (status) => status.targetUrl,
  avatarUrl: (status, _args, { world }) => simpleStatus(world, status).avatar_url,
  createdAt: (status) => iso(status.createdAt),
  creator: (status, _args, { state }) => actorById(state, status.creatorId),
  commit: (status): GitObject => ({ repositoryId: status.repositoryId, oid: status.sha }),
  isRequired: (status, args: github.StatusContextIsRequiredArgs, ask) =>
    isRequired(status.repositoryId, status.context, args, ask),
};

function contextConnection(commit: GitObject, args: PageArgs, ask: Ask) {
  const runs = runsOn(ask.state, commit.repositoryId, commit.oid);
  const statuses = statusesOf(ask.state, commit.repositoryId, commit.oid);
  return {
    ...connection(contextsOf(ask.state, commit), args, ask.info, byPosition),
    checkRunCount: runs.length,
    statusContextCount: statuses.length,
    checkRunCountsByState: counts(runs.map((run) => (run.conclusion ?? run.status).toUpperCase())),
    statusContextCountsByState: counts(statuses.map(stateOfStatus)),
  };
}

function counts(states: readonly string[]) {
  return [...new Set(states)].map((state) => ({
    state,
    count: states.filter((other) => other === state).length,
  }));
}
