import type * as model from "./model.ts";
import { childrenOf, findChild, table } from "./table.ts";

/** All that the twin knows beside git. Each table's parent is named where it is made. */
export type State = ReturnType<typeof emptyState>;

/** A state without anybody in it. */
export function emptyState() {
  return {
    /** One counter for the ids of everything. */
    ids: { last: 1000 },
    accounts: table<model.Account>(() => 0),
    tokens: table<model.Token>((token) => ("accountId" in token ? token.accountId : token.installationId)),
    apps: table<model.App>(() => 0),
    installations: table<model.Installation>((installation) => installation.appId),
    repositories: table<model.Repository>((repository) => repository.ownerId),
    labels: table<model.Label>((label) => label.repositoryId),
    issues: table<model.Issue>((issue) => issue.repositoryId),
    comments: table<model.Comment>((comment) => comment.issueId),
    /** By the id of what was reacted to. */
    reactions: table<model.Reaction>((reaction) => reaction.subjectId),
    /** By issue. */
    timeline: table<model.TimelineEvent>((event) => event.issueId),
    /** By repository. */
    pulls: table<model.Pull>((pull) => pull.repositoryId),
    reviews: table<model.Review>((review) => review.pullId),
    threads: table<model.Thread>((thread) => thread.pullId),
    /** By thread. */
    reviewComments: table<model.ReviewComment>((comment) => comment.threadId),
    checkSuites: table<model.CheckSuite>((suite) => suite.repositoryId),
    /** By suite. */
    checkRuns: table<model.CheckRun>((run) => run.suiteId),
    statuses: table<model.CommitStatus>((status) => status.repositoryId),
    /** By app. */
    deliveries: table<model.Delivery>((delivery) => delivery.appId),
  };
}

/** The next id. */
export function newId(state: State): number {
  return ++state.ids.last;
}

export function accountOf(state: State, id: number): model.Account {
  return state.accounts.rows.get(id)!;
}

export function repositoryOf(state: State, part: { repositoryId: number }): model.Repository {
  return state.repositories.rows.get(part.repositoryId)!;
}

export function accountByLogin(state: State, login: string): model.Account | undefined {
  const wanted = login.toLowerCase();
  return [...state.accounts.rows.values()].find((account) => account.login.toLowerCase() === wanted);
}

export function repositoryByName(state: State, owner: string, name: string): model.Repository | undefined {
  const account = accountByLogin(state, owner);
  if (!account) return undefined;
  const wanted = name.toLowerCase();
  return findChild(state.repositories, account.id, (found) => found.name.toLowerCase() === wanted);
}

/** `owner/name`. */
export function fullName(state: State, repository: model.Repository): string {
  return `${accountOf(state, repository.ownerId).login}/${repository.name}`;
}

export function issueByNumber(state: State, repositoryId: number, number: number): model.Issue | undefined {
  return findChild(state.issues, repositoryId, (issue) => issue.number === number);
}

export function pullByNumber(state: State, repositoryId: number, number: number): model.Pull | undefined {
  return findChild(state.pulls, repositoryId, (pull) => pull.number === number);
}

export function pullOfIssue(state: State, issue: model.Issue): model.Pull | undefined {
  return issue.isPull ? pullByNumber(state, issue.repositoryId, issue.number) : undefined;
}

export function issueOfPull(state: State, pull: model.Pull): model.Issue {
  return state.issues.rows.get(pull.issueId)!;
}

export function labelByName(state: State, repositoryId: number, name: string): model.Label | undefined {
  const wanted = name.toLowerCase();
  return findChild(state.labels, repositoryId, (label) => label.name.toLowerCase() === wanted);
}

/** Installations that reach this repository, of one app or of all. */
export function installationsOn(state: State, repository: model.Repository): model.Installation[] {
  return [...state.installations.rows.values()].filter(
    (installation) => installation.accountId === repository.ownerId && reaches(installation, repository.id),
  );
}

/** Whether an installation, or a token of one, covers a repository of its account. */
export function reaches(holder: { repositories: "all" | number[] }, repositoryId: number): boolean {
  return holder.repositories === "all" || holder.repositories.includes(repositoryId);
}

/** A review thread's comments, oldest first. */
export function threadComments(state: State, threadId: number): model.ReviewComment[] {
  return childrenOf(state.reviewComments, threadId);
}

/** All review comments of a pull request, in the order in which they were written. */
export function reviewCommentsOf(state: State, pullId: number): model.ReviewComment[] {
  return childrenOf(state.threads, pullId)
    .flatMap((thread) => threadComments(state, thread.id))
    .sort((one, other) => one.id - other.id);
}

/** The check suites of a commit. */
export function suitesOf(state: State, repositoryId: number, sha: string): model.CheckSuite[] {
  return childrenOf(state.checkSuites, repositoryId).filter((suite) => suite.headSha === sha);
}

/** The newest status of every context of a commit, as GitHub combines them. */
export function statusesOf(state: State, repositoryId: number, sha: string): model.CommitStatus[] {
  const newest = new Map<string, model.CommitStatus>();
  for (const status of childrenOf(state.statuses, repositoryId)) {
    if (status.sha === sha) newest.set(status.context, status);
  }
  return [...newest.values()];
}

/** A suite's status and conclusion, which follow from its runs. */
export function suiteOutcome(
  state: State,
  suite: model.CheckSuite,
): { status: model.CheckStatus; conclusion: model.CheckConclusion | null } {
  const runs = latestRuns(childrenOf(state.checkRuns, suite.id));
  if (suite.rerequested || runs.every((run) => run.status === "queued"))
    return { status: "queued", conclusion: null };
  if (runs.some((run) => run.status !== "completed")) return { status: "in_progress", conclusion: null };
  const found = new Set(runs.map((run) => run.conclusion));
  const conclusion = worstFirst.find((candidate) => found.has(candidate)) ?? "success";
  return { status: "completed", conclusion };
}

const worstFirst: readonly model.CheckConclusion[] = [
  "startup_failure",
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** Of runs with one name the newest counts (`filter=latest`). */
export function latestRuns(runs: readonly model.CheckRun[]): model.CheckRun[] {
  const newest = new Map<string, model.CheckRun>();
  for (const run of runs) {
    const key = `${run.suiteId}/${run.name}`;
    if ((newest.get(key)?.id ?? 0) < run.id) newest.set(key, run);
  }
  return [...newest.values()];
}
