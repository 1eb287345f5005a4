/** What was to be said once is not said again by itself after this long, even if somebody deleted it. */
export const FRESH_MS = 60 * 60_000;
