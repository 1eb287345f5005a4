import type { PlanTask } from "../../../app/plan/plan.ts";
import { ROOT, taskBranch } from "./branches.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** A branch that agents work on, and what it is merged into. */
export interface WorkLane {
  /** `only`: a simple issue's; `task`: one of a plan's; `root`: what a plan's tasks are merged into. */
  kind: "only" | "task" | "root";
  /** The task's id, or `root`. */
  task: string;
  branch: string;
  /** The branch that it is merged into; without a commit where that isn't there (yet). */
  base: { branch: string; sha: string | null };
  /** The tasks whose merge it waits for. */
  after: string[];
}

/** What goes on at the same time: the planner's work, and each branch. */
export type Lane = { kind: "plan"; task: "plan" } | WorkLane;

/** The planner's lane. */
export const PLAN: Lane = { kind: "plan", task: "plan" };

/** The branches that are worked on: of a simple issue one; of an approved plan the root's, then each task's. */
export function workLanes(s: Snapshot, state: State): WorkLane[] {
  const main = s.repository.base ?? { branch: "", sha: null };
  const branchOf = (task: string) => taskBranch(s.issue.number, state.generation, task);
  if (state.approved) {
    const root = branchOf(ROOT);
    const base = { branch: root, sha: s.branches[root] ?? null };
    const tasks = state.approved.plan.tasks.map(({ id, after }): WorkLane => ({
      kind: "task",
      task: id,
      branch: branchOf(id),
      base,
      after,
    }));
    return [{ kind: "root", task: ROOT, branch: root, base: main, after: [] }, ...tasks];
  }
  if (state.assessment?.kind !== "simple") return [];
  const { id } = state.assessment.task;
  return [{ kind: "only", task: id, branch: branchOf(id), base: main, after: [] }];
}

/** The lane whose pull request ends the issue. */
export const mainLane = (s: Snapshot, state: State): WorkLane | null =>
  workLanes(s, state).find((lane) => lane.kind !== "task") ?? null;

/** The pull request of a branch that counts: a merged one, else the open one, else the one that was closed last. */
export function pullOf(s: Snapshot, lane: WorkLane): Pull | null {
  const pulls = s.pulls.filter((pull) => pull.branch === lane.branch);
  const closed = pulls.toSorted((a, b) => (b.ended?.at.getTime() ?? 0) - (a.ended?.at.getTime() ?? 0));
  return (
    pulls.find((pull) => pull.state === "merged") ??
    pulls.find((pull) => pull.state === "open") ??
    closed[0] ??
    null
  );
}

/** The task of the approved plan, or null. */
export const planTask = (state: State, id: string): PlanTask | null =>
  state.approved?.plan.tasks.find((task) => task.id === id) ?? null;

/** Whether the state has a branch of that name: a task's of the plan, the simple issue's, or the root's. */
export function isTask(state: State, id: string): boolean {
  if (state.approved) return id === ROOT || planTask(state, id) !== null;
  return state.assessment?.kind === "simple" && state.assessment.task.id === id;
}

/** Whether what waits for this task may go on: it is merged, or a person said to go on without it. */
export function isSettled(s: Snapshot, state: State, task: string): boolean {
  if (state.skipped.includes(task)) return true;
  const lane = workLanes(s, state).find((each) => each.task === task);
  return lane !== undefined && pullOf(s, lane)?.state === "merged";
}
