import type { Check, Pull } from "./snapshot.ts";
import type { State } from "./state.ts";

/** Where the checks of a pull request's newest commit stand (design §3). */
export type Checks =
  | { kind: "none yet"; until: Date }
  | { kind: "none" }
  | { kind: "running"; names: string[] }
  | { kind: "failed"; failed: Check[] }
  | { kind: "passed"; names: string[] };

/** `graceMs`: how long a commit without any check waits for one. */
export function checksOf(state: State, pull: Pull, graceMs: number, now: Date): Checks {
  if (pull.checks.length === 0) {
    const until = new Date(pushedAt(state, pull).getTime() + graceMs);
    return now < until ? { kind: "none yet", until } : { kind: "none" };
  }
  const running = pull.checks.filter((check) => !check.ended);
  if (running.length > 0) return { kind: "running", names: running.map((check) => check.name) };
  const failed = pull.checks.filter((check) => check.failed);
  if (failed.length > 0) return { kind: "failed", failed };
  return { kind: "passed", names: pull.checks.map((check) => check.name) };
}

/** When the newest commit got there, as well as can be told: a commit's own date may be older than its push. */
function pushedAt(state: State, pull: Pull): Date {
  const ends = state.runs.flatMap(({ task, end }) =>
    end?.kind === "done" && pull.branch.endsWith(`/${task}`) ? [new Date(end.at)] : [],
  );
  return new Date(
    Math.max(pull.headAt.getTime(), pull.createdAt.getTime(), ...ends.map((end) => end.getTime())),
  );
}
