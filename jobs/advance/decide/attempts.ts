import type { Standing } from "./standings.ts";
import { repliesTo } from "./replies.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";

/** How long the next attempt waits after the first, the second, … that failed. */
const BACKOFF_MS = [0, 30_000, 120_000, 600_000];

/** When a person last said to try this task again, in ISO; null: never. */
export function retriedAt(state: State, task: string): string | null {
  const said = [state.since?.at, state.retried[task]].filter((at) => at !== undefined).toSorted();
  return said.at(-1) ?? null;
}

/** The runs of a task and these purposes that count: those after the last `/agent retry`. */
export function counted(state: State, task: string, ...purposes: RunRecord["purpose"][]): RunRecord[] {
  const since = retriedAt(state, task);
  return state.runs.filter(
    (run) => run.task === task && purposes.includes(run.purpose) && (since === null || run.at > since),
  );
}

/** Whether another attempt may follow the last ones: now (null), later, or not before a person says so. */
export function again(
  s: Snapshot,
  state: State,
  runs: RunRecord[],
  attempts: number,
  now: Date,
): Standing | null {
  const last = runs.at(-1);
  if (!last?.end) return null;
  const { end } = last;
  if (end.kind === "asks") {
    return repliesTo(s, state, last).length > 0
      ? null
      : { kind: "blocked", why: { kind: "asks", say: end.say } };
  }
  if (end.kind !== "failed") return null;
  if (end.network) return { kind: "blocked", why: { kind: "network", say: end.say } };
  const failures = runs.length - 1 - runs.findLastIndex((run) => run.end?.kind !== "failed");
  if (!end.retry || failures >= attempts) {
    return {
      kind: "blocked",
      why: { kind: "failed", purpose: last.purpose, say: end.say, attempts: failures },
    };
  }
  const until = new Date(Date.parse(end.at) + (BACKOFF_MS[failures - 1] ?? 600_000));
  return now < until ? { kind: "wait", until, why: end.say, pull: null } : null;
}
