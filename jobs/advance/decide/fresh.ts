/** What was to be said once is not said again by itself after this long, even if somebody deleted it. */
export const FRESH_MS = 60 * 60_000;

/** Reads from GitHub lag writes: so long a branch that was pushed may not be seen. */
export const PUSHED_MS = 15_000;
