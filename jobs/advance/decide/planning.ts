import type { Settings } from "../../../app/config/repository.ts";
import { again, counted } from "./attempts.ts";
import type { Standing } from "./standings.ts";
import { isPending, isPlanGone } from "./proposal.ts";
import { repliesTo } from "./replies.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** Where the planner's lane stands, when it isn't at work. */
export function planning(s: Snapshot, state: State, settings: Settings, now: Date): Standing {
  const runs = counted(state, "plan", "plan");
  const last = state.runs.findLast((run) => run.purpose === "plan");
  const asked = state.assessment?.kind === "asks" ? state.assessment.questions : null;
  if (asked && last?.end && runs.length > 0 && repliesTo(s, state, last).length === 0)
    return { kind: "asks", questions: asked };
  if (state.assessment?.kind === "complex" && state.ask === null) return proposed(s, state, now);
  return again(s, state, runs, settings.limits.attempts, now) ?? { kind: "run", purpose: "plan", takes: [] };
}

function proposed(s: Snapshot, state: State, now: Date): Standing {
  if (!isPending(state)) return { kind: "waits", for: [] };
  return isPlanGone(s, state, now) ? { kind: "blocked", why: { kind: "planGone" } } : { kind: "awaits" };
}
