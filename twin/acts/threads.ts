import { invalid } from "../errors.ts";
import { diffFiles, mergeBase } from "../git/compare.ts";
import { hunkUpTo } from "../git/lines.ts";
import { gitDir } from "../git/run.ts";
import type { ActionOf } from "../hooks/events.ts";
import type { Pull, Review, ReviewComment, Side, Thread } from "../model.ts";
import { needs } from "../needs.ts";
import { pullSimple } from "../payloads/pull.ts";
import { reviewCommentPayload, threadPayload } from "../payloads/review.ts";
import { newId, repositoryOf, threadComments } from "../store.ts";
import { insert, remove } from "../table.ts";
import { actor, demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { checkBody } from "./comments.ts";
import { newWriting, rewrite, tell } from "./record.ts";

/** A comment on a line (or lines, or a whole file) of a pull request. */
export interface NewThread {
  path: string;
  body: string;
  line?: number | undefined;
  side?: Side | undefined;
  startLine?: number | undefined;
  startSide?: Side | undefined;
  subjectType?: "line" | "file" | undefined;
}

/** The same, found in the diff. */
export type PlacedThread = NewThread & { diffHunk: string };

/**
 * Finds the lines in the pull request's diff.
 *
 * @throws GitHubError 422 for a path or a line that the diff doesn't show
 */
export async function checkPlaces(
  world: World,
  pull: Pull,
  asked: readonly NewThread[],
): Promise<PlacedThread[]> {
  if (asked.length === 0) return [];
  const dir = gitDir(world, repositoryOf(world.state, pull));
  const from = (await mergeBase(dir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const files = await diffFiles(dir, from, pull.headSha);
  return asked.map((thread) => {
    checkBody("PullRequestReviewComment", thread.body);
    const file = files.find((candidate) => candidate.path === thread.path);
    if (!file) throw misplaced("path");
    if (thread.subjectType === "file") return { ...thread, diffHunk: file.patch ?? "" };
    const { line, side = "RIGHT" } = thread;
    const diffHunk = line === undefined ? undefined : hunkUpTo(file.patch ?? "", { line, side });
    if (diffHunk === undefined) throw misplaced("line");
    return { ...thread, diffHunk };
  });
}

/** Adds a thread with its first comment to a review that isn't submitted yet. Tells nobody. */
export function addThread(world: World, viewer: Viewer, review: Review, place: PlacedThread): ReviewComment {
  const whole = place.subjectType === "file";
  const line = whole ? null : (place.line ?? null);
  const thread = insert(world.state.threads, {
    id: newId(world.state),
    pullId: review.pullId,
    path: place.path,
    subjectType: place.subjectType ?? "line",
    side: place.side ?? "RIGHT",
    startSide: place.startLine === undefined ? null : (place.startSide ?? place.side ?? "RIGHT"),
    line,
    startLine: place.startLine ?? null,
    originalLine: line,
    originalStartLine: place.startLine ?? null,
    originalCommitSha: review.commitSha,
    diffHunk: place.diffHunk,
    resolvedById: null,
    createdAt: world.now(),
  });
  return addToThread(world, viewer, review, { thread, body: place.body });
}

/** Adds a comment to a thread, as part of a review that isn't submitted yet. Tells nobody. */
export function addToThread(
  world: World,
  viewer: Viewer,
  review: Review,
  { thread, body }: { thread: Thread; body: string },
): ReviewComment {
  checkBody("PullRequestReviewComment", body);
  return insert(world.state.reviewComments, {
    ...newWriting(world, viewer, body),
    pullId: thread.pullId,
    threadId: thread.id,
    reviewId: review.id,
    inReplyToId: threadComments(world.state, thread.id)[0]?.id ?? null,
    commitSha: review.commitSha,
  });
}

/** Changes a review comment: its author, or who has write. */
export function editReviewComment(world: World, viewer: Viewer, comment: ReviewComment, body: string): void {
  demandAuthorOrWrite(world, viewer, comment);
  checkBody("PullRequestReviewComment", body);
  if (body === comment.body) return;
  const changes = { body: { from: comment.body } };
  rewrite(world, viewer, comment, body);
  tellOfReviewComment(world, viewer, comment, { action: "edited", changes });
}

/** Deletes a review comment: its author, or who has write. A thread ends with its last comment. */
export function deleteReviewComment(world: World, viewer: Viewer, comment: ReviewComment): void {
  demandAuthorOrWrite(world, viewer, comment);
  const thread = world.state.threads.rows.get(comment.threadId)!;
  const last = reviewCommentPayload(world, comment);
  remove(world.state.reviewComments, comment);
  if (threadComments(world.state, thread.id).length === 0) remove(world.state.threads, thread);
  tellOfReviewComment(world, viewer, comment, { action: "deleted" }, last);
}

/** Marks a thread as resolved, or not. */
export function setResolved(world: World, viewer: Viewer, thread: Thread, resolved: boolean): void {
  const pull = world.state.pulls.rows.get(thread.pullId)!;
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, needs.resolveThread);
  if ((thread.resolvedById !== null) === resolved) return;
  thread.resolvedById = resolved ? actor(viewer).id : null;
  const body = { pull_request: pullSimple(world, pull), thread: threadPayload(world, thread) };
  const action = resolved ? "resolved" : "unresolved";
  tell(world, viewer, { event: "pull_request_review_thread", action, repository, body });
}

function misplaced(field: "path" | "line") {
  const message = `pull_request_review_thread.${field} must be part of the diff`;
  return invalid({
    resource: "PullRequestReviewComment",
    code: "custom",
    field: `pull_request_review_thread.${field}`,
    message,
  });
}

function demandAuthorOrWrite(world: World, viewer: Viewer, comment: ReviewComment): void {
  const pull = world.state.pulls.rows.get(comment.pullId)!;
  const own = actor(viewer).id === comment.authorId;
  demand(viewer, repositoryOf(world.state, pull), { ...needs.review, person: own ? "read" : "write" });
}

function tellOfReviewComment(
  world: World,
  viewer: Viewer,
  comment: ReviewComment,
  { action, ...extra }: { action: ActionOf<"pull_request_review_comment"> } & Record<string, unknown>,
  shown = reviewCommentPayload(world, comment),
): void {
  const pull = world.state.pulls.rows.get(comment.pullId)!;
  const body = { comment: shown, pull_request: pullSimple(world, pull), ...extra };
  const repository = repositoryOf(world.state, pull);
  tell(world, viewer, { event: "pull_request_review_comment", action, repository, body });
}
