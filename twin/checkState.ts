import type { CheckConclusion, CheckRun, CommitStatus } from "./model.ts";
import { latestRuns, statusesOf, suitesOf } from "./store.ts";
import type { State } from "./store.ts";
import { childrenOf } from "./table.ts";

/** What checks and statuses come to: GitHub's `StatusState`. */
export type StatusState = "ERROR" | "FAILURE" | "PENDING" | "SUCCESS";

/** The latest check runs of a commit, over all suites. */
export function runsOn(state: State, repositoryId: number, sha: string): CheckRun[] {
  return suitesOf(state, repositoryId, sha).flatMap((suite) =>
    latestRuns(childrenOf(state.checkRuns, suite.id)),
  );
}

/** What everything that was said of a commit comes to; null where nothing was said. */
export function stateOfCommit(state: State, repositoryId: number, sha: string): StatusState | null {
  const states = [
    ...runsOn(state, repositoryId, sha).map(stateOfRun),
    ...statusesOf(state, repositoryId, sha).map(stateOfStatus),
  ];
  return states.length > 0 ? worstState(states) : null;
}

/** The state of all together: one failure fails the commit, also while others still run. */
export function worstState(states: readonly StatusState[]): StatusState {
  return (["FAILURE", "ERROR", "PENDING"] as const).find((state) => states.includes(state)) ?? "SUCCESS";
}

/** What a commit status counts as. */
export function stateOfStatus(status: CommitStatus): StatusState {
  return status.state.toUpperCase() as StatusState;
}

function stateOfRun(run: CheckRun): StatusState {
  return run.status === "completed" && run.conclusion ? statesOfEnded[run.conclusion] : "PENDING";
}

const statesOfEnded: Record<CheckConclusion, StatusState> = {
  success: "SUCCESS",
  neutral: "SUCCESS",
  skipped: "SUCCESS",
  stale: "PENDING",
  action_required: "FAILURE",
  cancelled: "FAILURE",
  failure: "FAILURE",
  startup_failure: "FAILURE",
  timed_out: "FAILURE",
};
