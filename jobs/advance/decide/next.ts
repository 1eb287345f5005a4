import type { Settings } from "../../../app/config/repository.ts";
import type { Blocked } from "../../../app/words/blocked.ts";
import { retriedAt } from "./attempts.ts";
import { ROOT } from "./branches.ts";
import { mainLane, PLAN, pullOf, workLanes } from "./lanes.ts";
import type { Lane, WorkLane } from "./lanes.ts";
import { planning } from "./planning.ts";
import { isPending } from "./proposal.ts";
import { ration } from "./ration.ts";
import type { Snapshot } from "./snapshot.ts";
import { working } from "./standing.ts";
import type { Next, Standing } from "./standings.ts";
import type { RunRecord, State } from "./state.ts";
import { approvedText } from "./text.ts";
import { wanted } from "./wanted.ts";

/** The order of the questions is their precedence. */
export function next(s: Snapshot, state: State, now: Date): Next {
  const { wanted: is, start } = wanted(s, state);
  const main = mainLane(s, state);
  const pull = main && pullOf(s, main);
  if (pull?.state === "merged") return { kind: "done", pull };
  if (!is || !start || pull?.state === "closed") return { kind: "stopped" };
  const ground = groundOf(s, state, start.at);
  const lanes = lanesOf(s, state).map((lane) => ({ lane, at: standingOf(s, state, lane, ground, now) }));
  return {
    kind: "lanes",
    lanes: ground.kind === "firm" ? ration(s, state, ground.settings, lanes) : lanes,
  };
}

/** What every run stands on: the settings, or what keeps any from starting. */
type Ground = { kind: "firm"; settings: Settings } | { kind: "obstacle"; why: Blocked };

function groundOf(s: Snapshot, state: State, start: Date): Ground {
  const { settings } = s.repository;
  if (s.repository.archived) return { kind: "obstacle", why: { kind: "archived" } };
  if (!s.repository.base) return { kind: "obstacle", why: { kind: "empty" } };
  if (!approvedText(s, start)) return { kind: "obstacle", why: { kind: "text" } };
  if (settings.kind === "invalid")
    return { kind: "obstacle", why: { kind: "settings", errors: settings.errors } };
  const root = refusedRoot(s, state);
  if (root) return { kind: "obstacle", why: root };
  return { kind: "firm", settings: settings.settings };
}

/** A rule of the repository keeps the branch from being made that all tasks start from, and nobody said to try again. */
function refusedRoot(s: Snapshot, state: State): Blocked | null {
  const branch = workLanes(s, state).find((lane) => lane.kind === "root")?.branch;
  const refusal = branch === undefined || s.branches[branch] ? undefined : s.refusals[branch];
  if (branch === undefined || !refusal) return null;
  const retried = retriedAt(state, ROOT);
  return retried !== null && retried > refusal.at.toISOString()
    ? null
    : { kind: "branchRefused", branch, say: refusal.say };
}

/** The planner's lane stands first, as long as it has something to say. */
function lanesOf(s: Snapshot, state: State): Lane[] {
  const work = workLanes(s, state);
  const planned = state.assessment?.kind === "simple" || state.approved !== null;
  const asks = state.ask !== null || state.assessment?.kind === "asks";
  const plans = !planned || asks || isPending(state);
  return plans ? [PLAN, ...work] : work;
}

function standingOf(s: Snapshot, state: State, lane: Lane, ground: Ground, now: Date): Standing {
  const settled = lane.kind === "plan" ? null : settledAt(s, state, lane);
  if (settled) return settled;
  const running = state.runs.find((run) => run.end === null && run.task === lane.task);
  if (running && isUnderWay(s, running)) return { kind: "running", run: running };
  if (ground.kind === "obstacle") return { kind: "blocked", why: ground.why };
  if (running)
    return s.held && lane.kind !== "plan" ? { kind: "held", by: s.held } : { kind: "running", run: running };
  return lane.kind === "plan"
    ? planning(s, state, ground.settings, now)
    : working(s, state, lane, ground.settings, now);
}

/** Whether somebody has started it: what keeps runs from starting doesn't end those at work. */
const isUnderWay = (s: Snapshot, { name }: RunRecord): boolean =>
  s.followed.includes(name) || s.runs.some((run) => run.name === name);

function settledAt(s: Snapshot, state: State, lane: WorkLane): Standing | null {
  const pull = pullOf(s, lane);
  if (pull?.state === "merged") return { kind: "merged", pull };
  return state.skipped.includes(lane.task) ? { kind: "skipped" } : null;
}
