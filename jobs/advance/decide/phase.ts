import type { PhaseName } from "../../../app/phase.ts";
import type { Next } from "./next.ts";

/** The phase that people see (design §3). It is never stored. */
export function phaseOf(next: Next): PhaseName {
  switch (next.kind) {
    case "done":
    case "stopped":
    case "blocked":
      return next.kind;
    case "running":
      return next.run.purpose === "plan" ? "planning" : "working";
    case "run":
      return next.purpose === "plan" ? "planning" : "working";
    case "wait":
      return next.phase;
    case "open":
      return "working";
    case "review":
      return "in review";
  }
}
