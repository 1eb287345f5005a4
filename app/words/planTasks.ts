import type { Plan, PlanTask } from "../plan/plan.ts";
import { inline } from "./inline.ts";

export type TaskState = "waiting" | "working" | "in review" | "merged" | "blocked" | "skipped";

/** Where a task stands, and its pull request. */
export interface TaskView {
  state: TaskState;
  pull: number | null;
}

/** Where the tasks of a plan stand, by id. */
export type TaskViews = Record<string, TaskView>;

/** Where the task `id` stands; one that was never heard of waits. */
export const taskOf = (tasks: TaskViews, id: string): TaskView =>
  Object.hasOwn(tasks, id) ? tasks[id]! : { state: "waiting", pull: null };

/** A valid plan has fewer. */
const MOST = 50;
const MOST_NAMED = 4;

/** The tasks, a line each, readable on a phone: a tick means that the pull request is merged, nothing else. */
export function checklist({ tasks }: Plan, views: TaskViews, issue: number): string {
  const lines = tasks.slice(0, MOST).map((task) => {
    const { state, pull } = taskOf(views, task.id);
    const box = state === "merged" ? "[x]" : "[ ]";
    const number = pull === null ? "" : ` (#${pull})`;
    const title = `**${nameOf(task.id, issue)}**: ${inline(task.title, 100, issue)}`;
    return `- ${box} ${title}${number}<br><sub>${smallWords(task, state, issue)}</sub>`;
  });
  const left = tasks.length - lines.length;
  return [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join("\n");
}

/** The id of a task as it is shown: that of a valid plan means nothing to Markdown. */
export const nameOf = (id: string, issue: number): string =>
  /^[a-z\d-]{1,40}$/.test(id) ? id : inline(id, 40, issue);

function smallWords({ size, after }: PlanTask, state: TaskState, issue: number): string {
  const named = after.slice(0, MOST_NAMED).map((id) => nameOf(id, issue));
  const left = after.length - named.length;
  const before = `after ${named.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
  return [size, ...(after.length > 0 ? [before] : []), ...SAID[state]].join(" · ");
}

/** What is said of a task beside its tick. */
const SAID: Record<TaskState, string[]> = {
  waiting: [],
  working: ["an agent is at work"],
  "in review": ["in review"],
  merged: [],
  blocked: ["blocked"],
  skipped: ["skipped"],
};
