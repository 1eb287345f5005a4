import type { Settings } from "../../../app/config/repository.ts";
import type { LaneAt } from "./standings.ts";
import type { Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { RunRecord, State } from "./state.ts";

/**
 * Of the runs that are due those that may start: spent tokens keep all from starting, and agents have room for so many at
 * once, follow-ups first, then in the plan's order. What is done is shown in any case.
 */
export function ration(s: Snapshot, state: State, settings: Settings, lanes: LaneAt[]): LaneAt[] {
  const { tokens: limit, parallel } = settings.limits;
  const spent = spentTokens(state) - (state.since?.tokens ?? 0);
  const atWork = lanes.filter(({ lane, at }) => lane.kind !== "plan" && at.kind === "running").length;
  const room = Math.min(s.room, parallel - atWork);
  const due = lanes.filter(({ lane, at }) => lane.kind !== "plan" && at.kind === "run");
  const inOrder = [...due.filter(isFollowUp), ...due.filter((each) => !isFollowUp(each))];
  const starts = new Set(inOrder.slice(0, Math.max(0, room)));
  const isAnyOpen = state.runs.some((run) => run.end === null);
  return lanes.map((each) => {
    if (each.at.kind !== "run") return each;
    const none = !isAnyOpen && budgetOf(state, settings, each.at.purpose) === 0;
    if (spent >= limit || none)
      return { ...each, at: { kind: "blocked", why: { kind: "tokens", spent, limit } } };
    if (each.lane.kind === "plan") return each;
    if (s.held) return { ...each, at: { kind: "held", by: s.held } };
    if (starts.has(each)) return each;
    return { ...each, at: { kind: "queued", run: each.at } };
  });
}

const isFollowUp = ({ at }: LaneAt): boolean => at.kind === "run" && at.purpose !== "implement";

/**
 * The tokens that one run may use. What is left is shared between as many as may work at once, so that all of them
 * together stay within the limit.
 */
export function budgetOf(state: State, settings: Settings, purpose: RunRecord["purpose"]): number {
  const { tokens, parallel } = settings.limits;
  const open = state.runs.filter((run) => run.end === null);
  const promised = open.reduce((sum, run) => sum + (run.budget ?? 0), 0);
  const left = Math.max(0, tokens + (state.since?.tokens ?? 0) - spentTokens(state) - promised);
  if (purpose === "plan") return Math.min(left, PLAN_TOKENS);
  const agents = open.filter((run) => run.purpose !== "plan");
  const places = state.approved ? Math.max(1, parallel - agents.length) : 1;
  return Math.floor(left / places);
}

/** The planner may use this much of an issue's tokens at most. */
const PLAN_TOKENS = 400_000;
