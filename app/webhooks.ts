import type { Probot } from "probot";

import type { Bell } from "./bell.ts";
import type { Subject } from "./subject.ts";

/** The few facts of a payload that say what to look at again. None of them is believed for anything else. */
export interface Payload {
  action?: string | undefined;
  installation?: { id: number } | undefined;
  repository?: { name: string; default_branch?: string; owner: { login: string } } | undefined;
  sender?: { login: string; type?: string } | undefined;
  issue?: { number: number; labels?: unknown } | undefined;
  comment?: { body?: string } | undefined;
  pull_request?: { head: { ref: string } } | undefined;
  check_suite?: { head_branch: string | null } | undefined;
  branches?: { name: string }[] | undefined;
  ref?: string | undefined;
}

/** Of an agent's branch, `agent/12/login` or `agent/12-2/login`: the issue. */
export function issueOfBranch(branch: string): number | null {
  const found = /^agent\/(\d{1,9})(?:-\d{1,4})?\//.exec(branch);
  return found ? Number(found[1]) : null;
}

const ofBranches = (branches: string[]): number[] =>
  branches.flatMap((branch) => issueOfBranch(branch) ?? []);

/** The default branch's settings may have changed, and its tip has. An agent's branch was moved or deleted by a person. */
function pushed({ ref = "", repository }: Payload): number[] | "repository" {
  const branch = ref.replace(/^refs\/heads\//, "");
  return branch === repository?.default_branch ? "repository" : ofBranches([branch]);
}

const ofPull = ({ pull_request: pull }: Payload): number[] => (pull ? ofBranches([pull.head.ref]) : []);

/** An issue without any label of ours is looked at for a command alone. */
function commented({ issue, comment }: Payload): number[] {
  if (!issue) return [];
  const labelled = Array.isArray(issue.labels) && issue.labels.length > 0;
  return labelled || isPull(issue) || /\/agent\b/i.test(comment?.body ?? "") ? [issue.number] : [];
}

const isPull = (issue: object): boolean => "pull_request" in issue;

/**
 * The table: event → what to look at again. An event that isn't here is not subscribed to, and rings nothing.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
const RINGS: Record<string, (payload: Payload) => number[] | "repository"> = {
  "issues.labeled": ({ issue }) => (issue ? [issue.number] : []),
  "issues.unlabeled": ({ issue }) => (issue ? [issue.number] : []),
  "issues.closed": ({ issue }) => (issue ? [issue.number] : []),
  "issues.reopened": ({ issue }) => (issue ? [issue.number] : []),
  "issues.edited": ({ issue }) => (issue ? [issue.number] : []),
  "issue_comment.created": commented,
  "issue_comment.edited": commented,
  "issue_comment.deleted": commented,
  "pull_request.closed": ofPull,
  "pull_request.reopened": ofPull,
  "pull_request.synchronize": ofPull,
  // One that a person converted to a draft, which can't be merged.
  "pull_request.ready_for_review": ofPull,
  // A pull request into another branch than it was opened for is no longer ours to merge.
  "pull_request.edited": ofPull,
  "pull_request_review.submitted": ofPull,
  "pull_request_review.dismissed": ofPull,
  // A task's pull request is merged when no thread is open.
  "pull_request_review_thread.resolved": ofPull,
  "pull_request_review_thread.unresolved": ofPull,
  "check_suite.completed": ({ check_suite: suite }) =>
    ofBranches(suite?.head_branch ? [suite.head_branch] : []),
  status: ({ branches }) => ofBranches((branches ?? []).map((branch) => branch.name)),
  push: pushed,
};

/** What `event` with `payload` rings. What we did ourselves rings nothing: we know. */
export function subjectsOf(event: string, payload: Payload, slug: string): Subject[] {
  const { installation, repository, sender, action } = payload;
  if (!installation || !repository || sender?.login === `${slug}[bot]`) return [];
  const rings = RINGS[action ? `${event}.${action}` : event];
  const where = { installationId: installation.id, owner: repository.owner.login, name: repository.name };
  const found = rings?.(payload) ?? [];
  if (found === "repository") return [{ kind: "repository", ...where }];
  return [...new Set(found)].map((number) => ({ kind: "issue", ...where, number }));
}

/** A webhook rings, and is answered when the ring stands in Redis: what was answered with 200 is not lost. */
export function ringOnWebhooks(app: Probot, bell: Bell, slug: string): void {
  app.onAny(async ({ name, payload }) => {
    const subjects = subjectsOf(name, payload as Payload, slug);
    await Promise.all(subjects.map((subject) => bell.ring(subject)));
  });
}
