/**
 * Everything that the twin remembers, as plain objects. Records name each other by id; git holds refs, commits and trees.
 * Times are milliseconds since 1970 (GitHub shows whole seconds: see `iso` in payloads/common.ts).
 */
export * from "./model/accounts.ts";
export * from "./model/checks.ts";
export * from "./model/deliveries.ts";
export * from "./model/issues.ts";
export * from "./model/pulls.ts";
export * from "./model/repositories.ts";
