import type { TaskState, TaskViews } from "../../../app/words/planTasks.ts";
import { pullOf, workLanes } from "./lanes.ts";
import type { Next, Standing } from "./standings.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** Where each task of the approved plan stands, as people see it. */
export function taskViews(s: Snapshot, state: State, then: Next): TaskViews {
  const lanes = workLanes(s, state).filter((lane) => lane.kind === "task");
  return Object.fromEntries(
    lanes.map((lane) => {
      const pull = pullOf(s, lane);
      const at =
        then.kind === "lanes" ? then.lanes.find((each) => each.lane.task === lane.task)?.at : undefined;
      const settled: TaskState = state.skipped.includes(lane.task) ? "skipped" : "waiting";
      const shown = pull?.state === "merged" ? "merged" : at ? stateOf(at) : settled;
      return [lane.task, { state: shown, pull: pull?.number ?? null }];
    }),
  );
}

/** The same without what changes from hour to hour: for a text that isn't written anew for it. */
export const settledViews = (views: TaskViews): TaskViews =>
  Object.fromEntries(
    Object.entries(views).map(([id, { state, pull }]) => [
      id,
      { state: state === "merged" || state === "skipped" ? state : "waiting", pull },
    ]),
  );

function stateOf(at: Standing): TaskState {
  switch (at.kind) {
    case "merged":
    case "skipped":
    case "blocked":
      return at.kind;
    case "waits":
    case "queued":
    case "held":
    case "asks":
    case "awaits":
      return "waiting";
    case "running":
    case "run":
    case "open":
      return "working";
    case "wait":
      return at.pull ? "in review" : "working";
    case "merge":
    case "review":
      return "in review";
  }
}
