/** `agent/12` or, from the second generation on, `agent/12-2`. */
export const branchRoot = (issue: number, generation: number): string =>
  generation === 1 ? `agent/${issue}` : `agent/${issue}-${generation}`;

/** The branch of one task, or with `root` the one that a plan's tasks are merged into. */
export const taskBranch = (issue: number, generation: number, task: string): string =>
  `${branchRoot(issue, generation)}/${task}`;

/** The task id that stands for the root branch; no task may have it. */
export const ROOT = "root";
