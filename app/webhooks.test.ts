import { expect, it } from "vitest";

import { issueOfBranch, subjectsOf } from "./webhooks.ts";
import type { Payload } from "./webhooks.ts";

const base: Payload = {
  installation: { id: 3 },
  repository: { name: "teatime", owner: { login: "acme" }, default_branch: "main" },
  sender: { login: "mona" },
};
const rung = (event: string, payload: Payload): string[] =>
  subjectsOf(event, { ...base, ...payload }, "coxswain").map((each) =>
    each.kind === "issue" ? `#${each.number}` : each.kind,
  );

const ours = { head: { ref: "agent/12/digits" } };

it.each<[string, Payload, string[]]>([
  ["issues", { action: "labeled", issue: { number: 12 } }, ["#12"]],
  ["issues", { action: "pinned", issue: { number: 12 } }, []],
  ["issue_comment", { action: "created", issue: { number: 12, labels: [] }, comment: { body: "nice" } }, []],
  [
    "issue_comment",
    { action: "created", issue: { number: 12, labels: [] }, comment: { body: "/agent start" } },
    ["#12"],
  ],
  [
    "issue_comment",
    { action: "created", issue: { number: 12, labels: [{}] }, comment: { body: "nice" } },
    ["#12"],
  ],
  [
    "issue_comment",
    { action: "edited", issue: { number: 12, labels: [{}] }, comment: { body: "the bot's plan" } },
    ["#12"],
  ],
  ["pull_request", { action: "closed", pull_request: ours }, ["#12"]],
  ["pull_request", { action: "synchronize", pull_request: ours }, ["#12"]],
  ["pull_request", { action: "ready_for_review", pull_request: ours }, ["#12"]],
  ["pull_request", { action: "edited", pull_request: ours }, ["#12"]],
  ["pull_request", { action: "labeled", pull_request: ours }, []],
  ["pull_request", { action: "closed", pull_request: { head: { ref: "mine" } } }, []],
  ["pull_request_review", { action: "submitted", pull_request: { head: { ref: "agent/12-2/x" } } }, ["#12"]],
  ["pull_request_review", { action: "dismissed", pull_request: ours }, ["#12"]],
  ["pull_request_review_thread", { action: "resolved", pull_request: ours }, ["#12"]],
  ["check_suite", { action: "completed", check_suite: { head_branch: "agent/12/digits" } }, ["#12"]],
  ["check_suite", { action: "completed", check_suite: { head_branch: null } }, []],
  ["status", { branches: [{ name: "main" }, { name: "agent/9/a" }, { name: "agent/9/b" }] }, ["#9"]],
  ["push", { ref: "refs/heads/main" }, ["repository"]],
  ["push", { ref: "refs/heads/agent/12/root" }, ["#12"]],
  ["push", { ref: "refs/heads/agent/12/root", sender: { login: "coxswain[bot]" } }, []],
  ["push", { ref: "refs/heads/mine" }, []],
  ["push", { ref: "refs/tags/main" }, []],
  ["star", { action: "created" }, []],
  ["issues", { action: "labeled", issue: { number: 12 }, sender: { login: "coxswain[bot]" } }, []],
  ["issues", { action: "labeled", issue: { number: 12 }, installation: undefined }, []],
])("%s %j rings %j", (event, payload, subjects) => {
  expect(rung(event, payload)).toEqual(subjects);
});

it.each([
  ["agent/12/digits", 12],
  ["agent/12-3/digits", 12],
  ["agent/12", null],
  ["agent/x/digits", null],
  ["feature/agent/12/x", null],
])("%s belongs to %s", (branch, issue) => {
  expect(issueOfBranch(branch)).toBe(issue);
});
