import type * as github from "@octokit/graphql-schema";
import type { Thread } from "../../model.ts";
import { needs } from "../../needs.ts";
import { nodeId } from "../../nodeIds.ts";
import { accountOf } from "../../store.ts";
import { may } from "../../viewer.ts";
import { homeOf } from "../ask.ts";
import type { Ask, Fields } from "../ask.ts";
import { byId, connection } from "../connection.ts";
import { visibleComments } from "../reviewing.ts";

export const PullRequestReviewThread: Fields<github.PullRequestReviewThread, Thread> = {
  id: (thread) => nodeId("PullRequestReviewThread", thread.id),
  path: (thread) => thread.path,
  subjectType: (thread) => thread.subjectType.toUpperCase(),
  diffSide: (thread) => thread.side,
  startDiffSide: (thread) => thread.startSide,
  line: (thread) => thread.line,
  startLine: (thread) => thread.startLine,
  originalLine: (thread) => thread.originalLine,
  originalStartLine: (thread) => thread.originalStartLine,
  isResolved: (thread) => thread.resolvedById !== null,
  isOutdated,
  isCollapsed: (thread) => thread.resolvedById !== null || isOutdated(thread),
  // A bot too, though the schema has a user here.
  resolvedBy: (thread, _args, { state }) =>
    thread.resolvedById === null ? null : accountOf(state, thread.resolvedById),
  pullRequest: (thread, _args, { state }) => state.pulls.rows.get(thread.pullId),
  repository: (thread, _args, { state }) => homeOf(state, thread),
  viewerCanReply: (thread, _args, ask) => mayOn(thread, ask, needs.review),
  viewerCanResolve: (thread, _args, ask) =>
    thread.resolvedById === null && mayOn(thread, ask, needs.resolveThread),
  viewerCanUnresolve: (thread, _args, ask) =>
    thread.resolvedById !== null && mayOn(thread, ask, needs.resolveThread),
  comments: (thread, args: github.PullRequestReviewThreadCommentsArgs, ask) =>
    connection(visibleComments(thread, ask).slice(args.skip ?? 0), args, ask.info, byId),
};

/** Whether the line that it is about is gone from the newest diff. */
export function isOutdated(thread: Thread): boolean {
  return thread.subjectType === "line" && thread.line === null;
}

function mayOn(thread: Thread, { state, viewer }: Ask, need: Parameters<typeof may>[2]): boolean {
  return may(viewer, homeOf(state, thread)!, need);
}
