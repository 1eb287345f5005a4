import { parseSettings } from "../../../app/config/repository.ts";
import type { Comment, Pull, Snapshot } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { RunRecord, State } from "./state.ts";

/** Minutes after the story's beginning. */
export const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 21, 12, minutes));

const maintainer = { login: "mona", bot: false };

/** An issue that a maintainer labelled a minute after it was written; nothing else has happened. */
export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  const parsed = parseSettings(null);
  if ("errors" in parsed) throw new Error("the defaults are valid");
  return {
    app: { id: 7, slug: "coxswain" },
    installationId: 3,
    repository: {
      id: 11,
      owner: "acme",
      name: "teatime",
      base: { branch: "main", sha: "b".repeat(40) },
      settings: { kind: "valid", settings: parsed.settings },
      archived: false,
      labels: {},
    },
    issue: {
      number: 12,
      nodeId: "I_12",
      url: "https://github.com/acme/teatime/issues/12",
      title: "10m is read as 0",
      body: "It should be 600.",
      by: { login: "ida", bot: false },
      open: true,
      at: at(0),
      labels: ["agent"],
      events: [{ kind: "labeled", id: "LE_1", label: "agent", by: maintainer, at: at(1) }],
      edits: [],
      comments: [],
    },
    status: { kind: "none" },
    branches: {},
    pulls: [],
    runs: [],
    planComment: null,
    refusals: {},
    room: 99,
    held: null,
    followed: [],
    results: {},
    permissions: { mona: "write", ida: "read" },
    model: "m",
    ...over,
  };
}

/** `s` with other facts of its issue. */
export const issue = (s: Snapshot, over: Partial<Snapshot["issue"]>): Snapshot => ({
  ...s,
  issue: { ...s.issue, ...over },
});

let ids = 100;

/** A comment by a maintainer unless told otherwise. */
export function comment(body: string, over: Partial<Comment> = {}): Comment {
  const id = String(ids++);
  return {
    id,
    nodeId: `IC_${id}`,
    by: maintainer,
    ours: false,
    body,
    at: at(5),
    editedBy: null,
    reacted: [],
    marker: null,
    ...over,
  };
}

/** `s` with that state in its status comment. */
export function withState(s: Snapshot, state: State, visible = ""): Snapshot {
  const status = comment("", {
    id: "1",
    by: { login: "coxswain", bot: true },
    ours: true,
    marker: "status",
    at: at(1),
  });
  return {
    ...s,
    status: { kind: "found", state, comment: status, visible, stale: false },
    issue: { ...s.issue, comments: [status, ...s.issue.comments.filter((each) => each.marker !== "status")] },
  };
}

/** The state after the planner judged the issue simple, with these runs after its own. */
export function assessed(...runs: RunRecord[]): State {
  const plan = record({ name: "plan-1", purpose: "plan", task: "plan" });
  const task = { id: "digits", title: "Read all digits", body: "Mend the pattern." };
  return {
    ...firstState(),
    revision: 3,
    judged: { LE_1: true },
    assessment: { kind: "simple", task },
    runs: [plan, ...runs],
  };
}

/** A run that ended well, unless told otherwise. */
export function record(over: Partial<RunRecord> = {}): RunRecord {
  return {
    name: "run-1",
    purpose: "implement",
    task: "digits",
    attempt: 1,
    at: at(2).toISOString(),
    takes: [],
    tokens: 0,
    end: { kind: "done", at: at(4).toISOString() },
    ...over,
  };
}

/** An open pull request whose checks have passed. */
export function pull(over: Partial<Pull> = {}): Pull {
  return {
    number: 13,
    nodeId: "PR_13",
    url: "https://github.com/acme/teatime/pull/13",
    branch: "agent/12/digits",
    state: "open",
    draft: false,
    title: "Read all digits",
    body: "",
    head: "a".repeat(40),
    headAt: at(4),
    createdAt: at(4),
    ended: null,
    base: "main",
    mergeable: "mergeable",
    checks: [check({})],
    comments: [],
    reviews: [],
    threads: [],
    requested: ["mona"],
    ...over,
  };
}

type RunCheck = Extract<Pull["checks"][number], { kind: "run" }>;

/** A check that has passed, unless told otherwise. */
export function check(over: Partial<RunCheck>): RunCheck {
  return {
    kind: "run",
    id: "cr1",
    name: "test",
    app: "ci",
    ended: true,
    failed: false,
    url: null,
    output: "",
    annotations: [],
    ...over,
  };
}
