import type { Settings } from "../../../app/config/repository.ts";
import { again, counted, retriedAt } from "./attempts.ts";
import { checksOf } from "./checks.ts";
import type { Checks } from "./checks.ts";
import { feedbackOf, takenBy } from "./feedback.ts";
import type { Feedback } from "./feedback.ts";
import { PUSHED_MS } from "./fresh.ts";
import { isSettled, pullOf, workLanes } from "./lanes.ts";
import type { WorkLane } from "./lanes.ts";
import { APPROVAL, merging } from "./merging.ts";
import type { Due, Standing } from "./standings.ts";
import { isPending } from "./proposal.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** Single comments wait for running checks, but not for ever. */
const CHECKS_MS = 15 * 60_000;

/** Where a lane stands on which nobody works and that isn't merged. */
export function working(s: Snapshot, state: State, lane: WorkLane, settings: Settings, now: Date): Standing {
  const pull = pullOf(s, lane);
  if (pull?.state === "open") return following(s, state, lane, pull, settings, now);
  const closed = pull?.ended?.at.toISOString() ?? null;
  const retried = retriedAt(state, lane.task);
  if (pull && closed && (retried === null || retried < closed))
    return { kind: "blocked", why: { kind: "closed", pull: pull.number } };
  if (lane.kind === "root") return rooting(s, state, lane);
  // What is to be merged there, and what starts from it, waits for the branch that only a person can bring back.
  if (lane.kind === "task" && isRootGone(s, state)) return { kind: "waits", for: [lane.base.branch] };
  return implementing(s, state, lane, settings, now);
}

/** Whether the branch is gone that tasks were merged into. */
function isRootGone(s: Snapshot, state: State): boolean {
  const lanes = workLanes(s, state);
  const root = lanes.find((lane) => lane.kind === "root");
  const merged = lanes.some((lane) => lane.kind === "task" && pullOf(s, lane)?.state === "merged");
  return root !== undefined && s.branches[root.branch] === undefined && merged;
}

/** A branch without a pull request. */
function implementing(s: Snapshot, state: State, lane: WorkLane, settings: Settings, now: Date): Standing {
  const last = state.runs.findLast((run) => run.task === lane.task && run.purpose === "implement");
  // What a person closed isn't opened again as it was: a retry works on it first.
  const closed = pullOf(s, lane)?.ended?.at.toISOString() ?? "";
  const pushed = last?.end?.kind === "done" && last.at > closed ? Date.parse(last.end.at) : null;
  if (pushed !== null && (s.branches[lane.branch] || now.getTime() - pushed < PUSHED_MS))
    return { kind: "open" };
  const first = lane.after.filter((task) => !isSettled(s, state, task));
  if (first.length > 0) return { kind: "waits", for: first };
  const runs = counted(state, lane.task, "implement");
  const end = runs.at(-1)?.end;
  if (end?.kind === "nothing") return { kind: "blocked", why: { kind: "nothing", say: end.say } };
  const due = again(s, state, runs, settings.limits.attempts, now) ?? {
    kind: "run",
    purpose: "implement",
    takes: [],
  };
  // Nothing new starts while another plan waits; what is under way goes on.
  const held = due.kind === "run" && (isPending(state) || state.ask !== null);
  return held ? { kind: "waits", for: [APPROVAL] } : due;
}

/** The root branch's pull request opens with the first merged task: GitHub refuses one without commits. */
function rooting(s: Snapshot, state: State, lane: WorkLane): Standing {
  const tasks = workLanes(s, state).filter((each) => each.kind === "task");
  const merged = tasks.filter((each) => pullOf(s, each)?.state === "merged");
  const left = tasks.filter((each) => !isSettled(s, state, each.task)).map((each) => each.task);
  if (isRootGone(s, state)) return { kind: "blocked", why: { kind: "rootGone", branch: lane.branch } };
  if (merged.length > 0) return { kind: "open" };
  return left.length > 0 ? { kind: "waits", for: left } : { kind: "blocked", why: { kind: "skipped" } };
}

/** An open pull request: follow-ups, and else its checks. */
function following(
  s: Snapshot,
  state: State,
  lane: WorkLane,
  pull: Pull,
  settings: Settings,
  now: Date,
): Standing {
  const checks = checksOf(state, pull, settings.grace, now);
  const left =
    lane.kind === "root"
      ? workLanes(s, state).flatMap((each) =>
          each.kind === "task" && !isSettled(s, state, each.task) ? [each.task] : [],
        )
      : [];
  const taken = takenBy(state);
  // Half of the work may well fail the checks: they count once all of it is there.
  const open = feedbackOf(s, state, pull).filter(
    (each) => !taken.has(each.item.id) && (each.human || left.length === 0),
  );
  const conflict = `mc${lane.base.sha?.slice(0, 12)}@${pull.head.slice(0, 12)}`;
  const conflicts = pull.mergeable === "conflicting";
  if (open.length > 0) {
    const due = dueAt(open, checks, settings.quiet);
    if (due === null || now < due)
      return { kind: "wait", until: due, why: "comments are still coming, or checks running", pull };
    const takes = open.map((each) => each.item.id);
    return round(s, state, lane, settings, now, { kind: "run", purpose: "fix", takes });
  }
  if (conflicts && taken.has(conflict)) return { kind: "blocked", why: { kind: "conflict" } };
  if (conflicts)
    return round(s, state, lane, settings, now, { kind: "run", purpose: "resolve", takes: [conflict] });
  if (left.length > 0) return { kind: "waits", for: left };
  switch (checks.kind) {
    case "none yet":
      return { kind: "wait", until: checks.until, why: "no check has started yet", pull };
    case "running":
      return { kind: "wait", until: null, why: `checks are running: ${checks.names.join(", ")}`, pull };
    case "failed":
      return { kind: "blocked", why: { kind: "checks", names: checks.failed.map((check) => check.name) } };
    case "none":
    case "passed":
      return lane.kind === "task"
        ? merging(s, state, lane, pull, checks, now)
        : { kind: "review", pull, checks };
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
function round(
  s: Snapshot,
  state: State,
  lane: WorkLane,
  { limits }: Settings,
  now: Date,
  due: Due,
): Standing {
  const runs = counted(state, lane.task, "fix", "resolve");
  const rounds = runs.filter((each) => each.end?.kind !== "failed").length;
  if (rounds >= limits.rounds)
    return { kind: "blocked", why: { kind: "rounds", rounds, limit: limits.rounds } };
  return again(s, state, runs, limits.attempts, now) ?? due;
}
