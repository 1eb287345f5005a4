import type { PhaseName } from "../../../app/phase.ts";
import type { LaneAt, Next, Standing } from "./standings.ts";

/** The phase that people see (design §3). It is never stored. The order of the questions is their precedence. */
export function phaseOf(next: Next): PhaseName {
  if (next.kind !== "lanes") return next.kind;
  const { lanes } = next;
  const plan = lanes.find(({ lane }) => lane.kind === "plan")?.at ?? null;
  const work = lanes.filter(({ lane }) => lane.kind !== "plan");
  if (plan?.kind === "awaits") return "awaiting approval";
  if (plan?.kind === "asks") return "asking";
  if (work.some(({ at }) => isActive(at))) return "working";
  if (plan && isActive(plan)) return "planning";
  return waitsForReview(lanes) ? "in review" : "blocked";
}

/** Whether it moves on by itself, or by a check. */
function isActive(at: Standing): boolean {
  switch (at.kind) {
    case "running":
    case "run":
    case "queued":
    case "held":
    case "open":
    case "wait":
    case "merge":
      return true;
    case "merged":
    case "skipped":
    case "waits":
    case "blocked":
    case "review":
    case "asks":
    case "awaits":
      return false;
  }
}

/** A pull request to the base branch that is ready; or a task's, when nothing else is the matter. */
function waitsForReview(lanes: LaneAt[]): boolean {
  const blocked = lanes.some(({ at }) => at.kind === "blocked");
  return lanes.some(({ at }) => at.kind === "review") && !blocked;
}
