import type { Next, Standing } from "./standings.ts";

/** Why things are as they are, a line a lane: for the log and `advance --dry`. */
export function reasons(then: Next): string[] {
  switch (then.kind) {
    case "done":
      return [`#${then.pull.number} is merged`];
    case "stopped":
      return ["not wanted"];
    case "lanes":
      return then.lanes.map(({ lane, at }) => `${lane.task}: ${reasonOf(at)}`);
  }
}

function reasonOf(at: Standing): string {
  switch (at.kind) {
    case "blocked":
      return `blocked: ${at.why.kind}`;
    case "wait":
      return at.why;
    case "held":
      return `no agent starts: one could reach ${at.by.reached}`;
    case "running":
      return `${at.run.name} is at work`;
    case "review":
      return `#${at.pull.number} waits for a person; checks: ${at.checks.kind}`;
    case "merged":
    case "merge":
      return `#${at.pull.number}: ${at.kind}`;
    case "open":
      return "the branch has no pull request yet";
    case "run":
      return `a run is due: ${at.purpose}`;
    case "queued":
      return `a run is due, and there is no room: ${at.run.purpose}`;
    case "waits":
      return `waits for ${at.for.join(", ")}`;
    case "skipped":
      return "skipped";
    case "asks":
      return "the planner has questions";
    case "awaits":
      return "the plan waits for approval";
  }
}
