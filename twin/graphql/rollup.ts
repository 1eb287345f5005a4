import { runsOn, stateOfCommit } from "../checkState.ts";
import { statusesOf } from "../store.ts";
import type { State } from "../store.ts";
import { Typed } from "./ask.ts";
import type { GitObject } from "./ask.ts";

/** A commit, where anything has been said of it; the source of `StatusCheckRollup`. */
export function rollupOf(state: State, repositoryId: number, oid: string): GitObject | null {
  return stateOfCommit(state, repositoryId, oid) && { repositoryId, oid };
}

/** All check runs and statuses of a commit, as the union that GitHub lists them in. */
export function contextsOf(state: State, { repositoryId, oid }: GitObject): Typed[] {
  return [
    ...runsOn(state, repositoryId, oid).map((run) => new Typed("CheckRun", run)),
    ...statusesOf(state, repositoryId, oid).map((status) => new Typed("StatusContext", status)),
  ];
}
