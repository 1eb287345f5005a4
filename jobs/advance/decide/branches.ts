/** `agent/12` or, from the second generation on, `agent/12-2`. */
export const branchRoot = (issue: number, generation: number): string =>
  generation === 1 ? `agent/${issue}` : `agent/${issue}-${generation}`;

/** The branch of one task. */
export const taskBranch = (issue: number, generation: number, task: string): string =>
  `${branchRoot(issue, generation)}/${task}`;
