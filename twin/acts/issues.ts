import { invalid, refused } from "../errors.ts";
import type { Account, Issue, Repository } from "../model.ts";
import { moderate, needs, triageOf } from "../needs.ts";
import { simpleUser } from "../payloads/account.ts";
import { accountByLogin, newId, pullOfIssue, repositoryOf } from "../store.ts";
import { childrenOf, insert } from "../table.ts";
import { actor, atLeast, demand, levelOf, may } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { issuesClosedBy, issuesMentioned } from "./closing.ts";
import { attachLabels } from "./labels.ts";
import { newWriting, record, rewrite, tellOfIssue } from "./record.ts";

export interface NewIssue {
  title: string;
  body?: string;
  labels?: readonly string[];
  assignees?: readonly string[];
}

/** Opens an issue. Labels and assignees of people without triage are dropped in silence, as GitHub does. */
export function createIssue(world: World, viewer: Viewer, repository: Repository, asked: NewIssue): Issue {
  demand(viewer, repository, needs.openIssue);
  if (asked.title.trim() === "") throw invalid({ resource: "Issue", field: "title", code: "missing_field" });
  const issue = insertIssue(world, viewer, repository, {
    title: asked.title,
    body: asked.body ?? "",
    isPull: false,
  });
  refer(world, viewer, issue, issue.body);
  tellOfIssue(world, viewer, issue, { action: "opened" });
  if (may(viewer, repository, triageOf(issue))) {
    attachLabels(world, viewer, issue, asked.labels ?? []);
    if (asked.assignees?.length) assign(world, viewer, issue, asked.assignees);
  }
  return issue;
}

/** Adds the record of an issue, or of a pull request's issue side, with the next number. Tells nobody. */
export function insertIssue(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { title, body, isPull }: { title: string; body: string; isPull: boolean },
): Issue {
  return insert(world.state.issues, {
    ...newWriting(world, viewer, body),
    repositoryId: repository.id,
    number: repository.nextNumber++,
    title,
    state: "open",
    stateReason: null,
    labelIds: [],
    assigneeIds: [],
    locked: false,
    closedAt: null,
    closedById: null,
    isPull,
  });
}

/** Changes title and text of an issue or pull request: its author, or who has write. */
export function editIssue(
  world: World,
  viewer: Viewer,
  issue: Issue,
  { title, body }: { title?: string | undefined; body?: string | undefined },
): void {
  demandAuthorOr(world, viewer, issue, moderate(issue));
  if (title?.trim() === "") throw invalid({ resource: "Issue", field: "title", code: "missing_field" });
  const changes: Record<string, { from: string }> = {};
  if (title !== undefined && title !== issue.title) {
    changes["title"] = { from: issue.title };
    record(world, viewer, issue, { event: "renamed", from: issue.title, to: title });
    issue.title = title;
  }
  if (body !== undefined && body !== issue.body) {
    changes["body"] = { from: issue.body };
    rewrite(world, viewer, issue, body);
    refer(world, viewer, issue, body);
  }
  if (Object.keys(changes).length > 0) tellOfIssue(world, viewer, issue, { action: "edited", changes });
}

/** Closes an issue or pull request; one that is closed stays as it is. */
export function closeIssue(
  world: World,
  viewer: Viewer,
  issue: Issue,
  reason: "completed" | "not_planned" | "duplicate" = "completed",
): void {
  demandAuthorOr(world, viewer, issue, triageOf(issue));
  shut(world, viewer, issue, { reason: issue.isPull ? null : reason, byPullId: null });
}

/** Closes without asking for permission: what a merge, a push or a deleted branch does. */
export function shut(
  world: World,
  viewer: Viewer,
  issue: Issue,
  { reason, byPullId }: { reason: Issue["stateReason"]; byPullId: number | null },
): void {
  if (issue.state === "closed") return;
  issue.state = "closed";
  issue.stateReason = reason;
  issue.closedAt = world.now();
  issue.closedById = actor(viewer).id;
  record(world, viewer, issue, { event: "closed", stateReason: reason, byPullId });
  tellOfIssue(world, viewer, issue, { action: "closed" });
}

/** Opens a closed issue, or an unmerged pull request whose branch still is there. */
export function reopenIssue(world: World, viewer: Viewer, issue: Issue): void {
  demandAuthorOr(world, viewer, issue, triageOf(issue));
  if (issue.state === "open") return;
  const pull = pullOfIssue(world.state, issue);
  if (pull?.merged) throw refused("Pull request is already merged and can't be reopened.");
  if (pull?.headDeleted) throw invalid({ resource: "PullRequest", field: "state", code: "invalid" });
  issue.state = "open";
  issue.stateReason = issue.isPull ? null : "reopened";
  issue.closedAt = null;
  issue.closedById = null;
  record(world, viewer, issue, { event: "reopened" });
  tellOfIssue(world, viewer, issue, { action: "reopened" });
}

/** Assigns people; unknown ones, and those who can't read the repository, are left out in silence. */
export function assign(world: World, viewer: Viewer, issue: Issue, logins: readonly string[]): void {
  const repository = repositoryOf(world.state, issue);
  demand(viewer, repository, triageOf(issue));
  for (const assignee of known(world, logins)) {
    if (issue.assigneeIds.includes(assignee.id) || !assignable(repository, assignee)) continue;
    issue.assigneeIds.push(assignee.id);
    record(world, viewer, issue, { event: "assigned", assigneeId: assignee.id });
    tellOfIssue(world, viewer, issue, { action: "assigned", assignee: simpleUser(world, assignee) });
  }
}

/** Takes assignees away. */
export function unassign(world: World, viewer: Viewer, issue: Issue, logins: readonly string[]): void {
  demand(viewer, repositoryOf(world.state, issue), triageOf(issue));
  for (const assignee of known(world, logins)) {
    if (!issue.assigneeIds.includes(assignee.id)) continue;
    issue.assigneeIds = issue.assigneeIds.filter((id) => id !== assignee.id);
    record(world, viewer, issue, { event: "unassigned", assigneeId: assignee.id });
    tellOfIssue(world, viewer, issue, { action: "unassigned", assignee: simpleUser(world, assignee) });
  }
}

/** Locks the conversation, or unlocks it: who has write. */
export function setLock(world: World, viewer: Viewer, issue: Issue, locked: boolean): void {
  demand(viewer, repositoryOf(world.state, issue), moderate(issue));
  if (issue.locked === locked) return;
  issue.locked = locked;
  record(world, viewer, issue, { event: locked ? "locked" : "unlocked" });
  tellOfIssue(world, viewer, issue, { action: locked ? "locked" : "unlocked" });
}

/** Writes into the timelines of what a text mentions that it was mentioned. */
export function refer(world: World, viewer: Viewer, source: Issue, text: string): void {
  const repository = repositoryOf(world.state, source);
  const closed = new Set(source.isPull ? issuesClosedBy(world, repository, text) : []);
  for (const target of issuesMentioned(world, repository, text)) {
    const before = childrenOf(world.state.timeline, target.id).some(
      (event) => event.event === "cross-referenced" && event.sourceIssueId === source.id,
    );
    if (target === source || before) continue;
    insert(world.state.timeline, {
      event: "cross-referenced",
      sourceIssueId: source.id,
      willClose: closed.has(target),
      id: newId(world.state),
      issueId: target.id,
      actorId: actor(viewer).id,
      appId: null,
      at: world.now(),
    });
  }
}

function demandAuthorOr(world: World, viewer: Viewer, issue: Issue, need: ReturnType<typeof triageOf>): void {
  const own = viewer.kind === "user" && viewer.account.id === issue.authorId;
  demand(viewer, repositoryOf(world.state, issue), own ? { ...need, person: "read" } : need);
}

function known(world: World, logins: readonly string[]): Account[] {
  return logins.map((login) => accountByLogin(world.state, login)).filter((account) => account !== undefined);
}

/** Bots can't be assigned here, and people only if they can read. */
function assignable(repository: Repository, account: Account): boolean {
  return account.type === "User" && atLeast(levelOf(repository, account), "read");
}
