import type { Settings } from "../../../app/config/repository.ts";
import type { Blocked } from "../../../app/words/blocked.ts";
import { taskBranch } from "./branches.ts";
import { checksOf } from "./checks.ts";
import type { Checks } from "./checks.ts";
import { feedbackOf, takenBy } from "./feedback.ts";
import type { Feedback } from "./feedback.ts";
import { repliesSince } from "./replies.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { approvedText } from "./text.ts";
import { wanted } from "./wanted.ts";

/** What the issue waits for, or what is to be done now; its phase follows from it (`phaseOf`). */
export type Next =
  | { kind: "done"; pull: Pull }
  | { kind: "stopped" }
  | { kind: "blocked"; why: Blocked }
  /** A run is at work. */
  | { kind: "running"; run: RunRecord }
  /** A run is due: now. */
  | { kind: "run"; purpose: "plan" | "implement" | "fix" | "resolve"; takes: string[] }
  /** Work stands on a branch that has no pull request yet. */
  | { kind: "open"; branch: string }
  /** Nothing to do before `until`, or before an event where that is null. */
  | { kind: "wait"; phase: "planning" | "working"; until: Date | null; why: string; pull: Pull | null }
  /** The pull request waits for a person. */
  | { kind: "review"; pull: Pull; checks: Checks };

/** How long the next attempt waits after the first, the second, … that failed. */
const BACKOFF_MS = [0, 30_000, 120_000, 600_000];
/** Single comments wait for running checks, but not for ever. */
const CHECKS_MS = 15 * 60_000;

/** Where the issue stands. Spent tokens keep a run from starting, and nothing else: what is done is shown. */
export function next(s: Snapshot, state: State, now: Date): Next {
  const then = standing(s, state, now);
  return then.kind === "run" ? (overspent(s, state) ?? then) : then;
}

/** The order of the questions is their precedence. */
function standing(s: Snapshot, state: State, now: Date): Next {
  const word = wanted(s, state);
  const merged = s.pulls.find((pull) => pull.state === "merged");
  if (merged) return { kind: "done", pull: merged };
  const closed =
    s.pulls.some((pull) => pull.state === "closed") && !s.pulls.some((pull) => pull.state === "open");
  if (!word.wanted || !word.start || closed) return { kind: "stopped" };
  const running = state.runs.find((run) => run.end === null);
  if (running) return { kind: "running", run: running };
  const obstacle = obstacleOf(s, word.start.at);
  if (obstacle) return { kind: "blocked", why: obstacle };
  if (s.repository.settings.kind === "invalid")
    return { kind: "blocked", why: { kind: "settings", errors: s.repository.settings.errors } };
  const settings = s.repository.settings.settings;
  if (!state.assessment || state.assessment.kind === "asks") return planning(s, state, settings, now);
  const pull = s.pulls.find((each) => each.state === "open");
  return pull
    ? following(s, state, pull, settings, now)
    : implementing(s, state, state.assessment.task.id, settings, now);
}

/** What keeps any run from starting. */
function obstacleOf(s: Snapshot, start: Date): Blocked | null {
  if (s.repository.archived) return { kind: "archived" };
  if (!s.repository.base) return { kind: "empty" };
  if (!approvedText(s, start)) return { kind: "text" };
  return null;
}

function overspent({ repository: { settings } }: Snapshot, state: State): Next | null {
  if (settings.kind === "invalid") return null;
  const limit = settings.settings.limits.tokens;
  const spent = spentTokens(state) - (state.since?.tokens ?? 0);
  return spent >= limit ? { kind: "blocked", why: { kind: "tokens", spent, limit } } : null;
}

/** The runs of these purposes that count: those after the last `/agent retry`. */
function counted(state: State, ...purposes: RunRecord["purpose"][]): RunRecord[] {
  return state.runs.filter(
    (run) => purposes.includes(run.purpose) && (!state.since || run.at > state.since.at),
  );
}

/** Whether another attempt may follow the last ones: now (null), later, or not before a person says so. */
function again(s: Snapshot, state: State, runs: RunRecord[], attempts: number, now: Date): Next | null {
  const last = runs.at(-1);
  if (!last?.end) return null;
  const phase = last.purpose === "plan" ? "planning" : "working";
  const { end } = last;
  if (end.kind === "asks") {
    return repliesSince(s, end.at).length > 0
      ? null
      : { kind: "blocked", why: { kind: "asks", say: end.say } };
  }
  if (end.kind !== "failed") return null;
  const failures = runs.length - 1 - runs.findLastIndex((run) => run.end?.kind !== "failed");
  if (!end.retry || failures >= attempts) {
    return {
      kind: "blocked",
      why: { kind: "failed", purpose: last.purpose, say: end.say, attempts: failures },
    };
  }
  const until = new Date(Date.parse(end.at) + (BACKOFF_MS[failures - 1] ?? 600_000));
  return now < until ? { kind: "wait", phase, until, why: end.say, pull: null } : null;
}

function planning(s: Snapshot, state: State, settings: Settings, now: Date): Next {
  const runs = counted(state, "plan");
  const asked = state.assessment?.kind === "asks" ? state.assessment : null;
  const last = state.runs.findLast((run) => run.purpose === "plan");
  const answered = runs.length === 0 || (last?.end && repliesSince(s, last.end.at).length > 0);
  if (asked && !answered)
    return { kind: "blocked", why: { kind: "asks", say: asked.questions.map((q) => `- ${q}`).join("\n") } };
  return again(s, state, runs, settings.limits.attempts, now) ?? { kind: "run", purpose: "plan", takes: [] };
}

function implementing(s: Snapshot, state: State, task: string, settings: Settings, now: Date): Next {
  const runs = counted(state, "implement");
  const last = runs.at(-1);
  const branch = taskBranch(s.issue.number, state.generation, task);
  if (state.runs.findLast((run) => run.purpose === "implement")?.end?.kind === "done" && s.branches[branch])
    return { kind: "open", branch };
  if (last?.end?.kind === "nothing") return { kind: "blocked", why: { kind: "nothing", say: last.end.say } };
  return (
    again(s, state, runs, settings.limits.attempts, now) ?? { kind: "run", purpose: "implement", takes: [] }
  );
}

/** An open pull request: follow-ups, and else its checks. */
function following(s: Snapshot, state: State, pull: Pull, settings: Settings, now: Date): Next {
  const checks = checksOf(state, pull, settings.grace, now);
  const taken = takenBy(state);
  const open = feedbackOf(s, state, pull).filter((each) => !taken.has(each.item.id));
  const conflict = `mc${s.repository.base?.sha.slice(0, 12)}@${pull.head.slice(0, 12)}`;
  const conflicts = pull.mergeable === "conflicting";
  if (open.length > 0) {
    const due = dueAt(open, checks, settings.quiet);
    if (due === null || now < due)
      return {
        kind: "wait",
        phase: "working",
        until: due,
        why: "comments are still coming, or checks running",
        pull,
      };
    return round(s, state, settings, now, {
      kind: "run",
      purpose: "fix",
      takes: open.map((each) => each.item.id),
    });
  }
  if (conflicts && taken.has(conflict)) return { kind: "blocked", why: { kind: "conflict" } };
  if (conflicts)
    return round(s, state, settings, now, { kind: "run", purpose: "resolve", takes: [conflict] });
  switch (checks.kind) {
    case "none yet":
      return { kind: "wait", phase: "working", until: checks.until, why: "no check has started yet", pull };
    case "running":
      return {
        kind: "wait",
        phase: "working",
        until: null,
        why: `checks are running: ${checks.names.join(", ")}`,
        pull,
      };
    case "failed":
      return { kind: "blocked", why: { kind: "checks", names: checks.failed.map((check) => check.name) } };
    case "none":
    case "passed":
      return { kind: "review", pull, checks };
  }
}

/** When this feedback is taken: a submitted review at once; else when comments are still and checks have ended. */
function dueAt(open: Feedback[], checks: Checks, quietMs: number): Date | null {
  if (open.some((each) => each.urgent)) return new Date(0);
  const human = open.filter((each) => each.human).map((each) => each.at.getTime());
  if (human.length === 0) return new Date(0);
  const last = Math.max(...human);
  return new Date(last + (checks.kind === "running" ? Math.max(quietMs, CHECKS_MS) : quietMs));
}

/** A follow-up, unless the pull request has had all of its rounds, or failed too often. */
function round(s: Snapshot, state: State, settings: Settings, now: Date, run: Next & { kind: "run" }): Next {
  const runs = counted(state, "fix", "resolve");
  const rounds = runs.filter((each) => each.end?.kind !== "failed").length;
  const { limits } = settings;
  if (rounds >= limits.rounds)
    return { kind: "blocked", why: { kind: "rounds", rounds, limit: limits.rounds } };
  return again(s, state, runs, limits.attempts, now) ?? run;
}
