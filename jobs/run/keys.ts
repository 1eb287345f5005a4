/** What a run without a pod left (the planner's answer), or why a run could not be followed: JSON of `PlanResult`. */
export const resultKey = (prefix: string, run: string): string => `${prefix}:result:${run}`;

/** Set when a run was stopped, so that its follower doesn't renew the lease that was taken from it. */
export const stoppedKey = (prefix: string, run: string): string => `${prefix}:stopped:${run}`;
