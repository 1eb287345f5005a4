import { z } from "zod";
import {
  assign,
  closeIssue,
  createIssue,
  editIssue,
  reopenIssue,
  setLock,
  unassign,
} from "../acts/issues.ts";
import { setLabels } from "../acts/labels.ts";
import { take } from "../http.ts";
import type { Call, Route } from "../http.ts";
import type { Issue } from "../model.ts";
import { needs, readOf } from "../needs.ts";
import { issuePage, issuePayload } from "../payloads/issue.ts";
import { timelinePayload } from "../payloads/timeline.ts";
import { accountByLogin, issueByNumber, labelByName } from "../store.ts";
import { childrenOf } from "../table.ts";
import { demand } from "../viewer.ts";
import { created, existing, noContent, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/issues/issues, …/issues/assignees, …/issues/timeline. Pull requests are issues too. */
export const issueRoutes: readonly Route[] = [
  ofRepository("GET /issues", needs.readIssues, (call) =>
    page(call, issuesListed(call), (issue) => issuePayload(call.world, issue)),
  ),
  ofRepository("POST /issues", needs.openIssue, (call) => {
    const { assignee, labels, ...asked } = take(call, newIssueSchema);
    const assignees = asked.assignees ?? (assignee ? [assignee] : []);
    const body = asked.body ?? "";
    const issue = createIssue(call.world, call.viewer, call.repository, {
      title: asked.title,
      body,
      assignees,
      labels: labels.map(labelName),
    });
    return created(issuePage(call.world, issue));
  }),
  ofRepository("GET /issues/:number", needs.readIssues, (call) => ok(issuePage(call.world, issueIn(call)))),
  ofRepository("PATCH /issues/:number", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    update(call, issue, take(call, issueChangeSchema));
    return ok(issuePage(call.world, issue));
  }),
  ofRepository("GET /issues/:number/timeline", needs.readConversations, (call) =>
    page(call, timelinePayload(call.world, issueIn(call)), (event) => event),
  ),
  ofRepository("POST /issues/:number/assignees", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    assign(call.world, call.viewer, issue, take(call, assigneesSchema).assignees);
    return created(issuePage(call.world, issue));
  }),
  ofRepository("DELETE /issues/:number/assignees", needs.writeConversations, (call) => {
    const issue = issueIn(call);
    unassign(call.world, call.viewer, issue, take(call, assigneesSchema).assignees);
    return ok(issuePage(call.world, issue));
  }),
  ofRepository("PUT /issues/:number/lock", needs.writeConversations, (call) => {
    setLock(call.world, call.viewer, issueIn(call), true);
    return noContent();
  }),
  ofRepository("DELETE /issues/:number/lock", needs.writeConversations, (call) => {
    setLock(call.world, call.viewer, issueIn(call), false);
    return noContent();
  }),
];

/** The issue or pull request in the path, if the viewer may read it. */
export function issueIn(call: RepositoryCall): Issue {
  const number = numberIn(call, "number");
  const issue = existing(issueByNumber(call.world.state, call.repository.id, number));
  demand(call.viewer, call.repository, readOf(issue));
  return issue;
}

/** A label by its name, or as an object with one. */
export const labelSchema = z.union([z.string(), z.object({ name: z.string() })]);

export function labelName(label: z.infer<typeof labelSchema>): string {
  return typeof label === "string" ? label : label.name;
}

/** Titles may be numbers, and bodies null: GitHub takes both. */
const titleSchema = z.union([z.string(), z.number().transform(String)]);
const newIssueSchema = z.object({
  title: titleSchema,
  body: z.string().nullish(),
  labels: z.array(labelSchema).default([]),
  assignee: z.string().nullish(),
  assignees: z.array(z.string()).optional(),
});
const issueChangeSchema = z.object({
  title: titleSchema.optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  labels: z.array(labelSchema).optional(),
  assignees: z.array(z.string()).optional(),
});
const assigneesSchema = z.object({ assignees: z.array(z.string()) });

function update(call: RepositoryCall, issue: Issue, asked: z.infer<typeof issueChangeSchema>): void {
  const { world, viewer } = call;
  const body = asked.body === null ? "" : asked.body;
  if (asked.title !== undefined || body !== undefined)
    editIssue(world, viewer, issue, { title: asked.title, body });
  if (asked.labels) setLabels(world, viewer, issue, asked.labels.map(labelName));
  if (asked.assignees) setAssignees(call, issue, asked.assignees);
  const reason = asked.state_reason ?? "completed";
  if (asked.state === "closed")
    closeIssue(world, viewer, issue, reason === "reopened" ? "completed" : reason);
  if (asked.state === "open") reopenIssue(world, viewer, issue);
}

function setAssignees({ world, viewer }: RepositoryCall, issue: Issue, logins: string[]): void {
  const wanted = new Set(logins.map((login) => accountByLogin(world.state, login)?.id));
  const gone = issue.assigneeIds.filter((id) => !wanted.has(id));
  unassign(
    world,
    viewer,
    issue,
    gone.map((id) => world.state.accounts.rows.get(id)!.login),
  );
  assign(world, viewer, issue, logins);
}

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues */
function issuesListed(call: RepositoryCall): Issue[] {
  const { world, query, repository } = call;
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter(Boolean);
  const labelIds = labels.map((name) => labelByName(world.state, repository.id, name)?.id ?? 0);
  const since = Date.parse(query.get("since") ?? "") || 0;
  const found = childrenOf(world.state.issues, repository.id).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      labelIds.every((id) => issue.labelIds.includes(id)) &&
      issue.updatedAt >= since &&
      matchesPerson(call, "creator", [issue.authorId]) &&
      matchesPerson(call, "assignee", issue.assigneeIds),
  );
  const by = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = found.sort((one, other) => one[by] - other[by] || one.number - other.number);
  return query.get("direction") === "asc" ? sorted : sorted.toReversed();
}

function matchesPerson({ world, query }: Call, name: string, ids: readonly number[]): boolean {
  const login = query.get(name);
  if (login === null || login === "*") return true;
  return login === "none" ? ids.length === 0 : ids.includes(accountByLogin(world.state, login)?.id ?? 0);
}
