import { GitHubError, invalid } from "../errors.ts";
import type { ActionOf } from "../hooks/events.ts";
import type { Comment, Issue } from "../model.ts";
import { moderate, talkOn } from "../needs.ts";
import { commentPayload, issuePayload } from "../payloads/issue.ts";
import { repositoryOf } from "../store.ts";
import { insert, remove } from "../table.ts";
import { actor, demand, may } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { refer } from "./issues.ts";
import { newWriting, record, rewrite, tell } from "./record.ts";

/** GitHub's limit for every text, in characters. */
const longestBody = 65_536;

/** Comments on an issue or pull request; on a locked one who has write may. */
export function createComment(world: World, viewer: Viewer, issue: Issue, body: string): Comment {
  const repository = repositoryOf(world.state, issue);
  demand(viewer, repository, talkOn(issue));
  if (issue.locked && !may(viewer, repository, moderate(issue)))
    throw new GitHubError(403, "Unable to create comment because issue is locked.");
  checkBody("IssueComment", body);
  const comment = insert(world.state.comments, {
    ...newWriting(world, viewer, body),
    issueId: issue.id,
    minimizedReason: null,
  });
  issue.updatedAt = comment.createdAt;
  refer(world, viewer, issue, body);
  tellOfComment(world, viewer, comment, { action: "created" });
  return comment;
}

/** Changes a comment: its author, or who has write. */
export function editComment(world: World, viewer: Viewer, comment: Comment, body: string): void {
  demandAuthorOrWrite(world, viewer, comment);
  checkBody("IssueComment", body);
  if (body === comment.body) return;
  const changes = { body: { from: comment.body } };
  rewrite(world, viewer, comment, body);
  refer(world, viewer, issueOf(world, comment), body);
  tellOfComment(world, viewer, comment, { action: "edited", changes });
}

/** Deletes a comment: its author, or who has write. */
export function deleteComment(world: World, viewer: Viewer, comment: Comment): void {
  demandAuthorOrWrite(world, viewer, comment);
  remove(world.state.comments, comment);
  record(world, viewer, issueOf(world, comment), { event: "comment_deleted", commentId: comment.id });
  tellOfComment(world, viewer, comment, { action: "deleted" });
}

/** Hides a comment ("off-topic", "outdated", …), or shows it again with null. GitHub has no webhook for it. */
export function minimizeComment(world: World, viewer: Viewer, comment: Comment, reason: string | null): void {
  demandAuthorOrWrite(world, viewer, comment);
  comment.minimizedReason = reason;
}

/** Takes an entry out of the edit history of a text; its place stays, its text goes. GitHub has no webhook for it. */
export function deleteEdit(world: World, viewer: Viewer, comment: Comment | Issue, editId: number): void {
  if ("issueId" in comment) demandAuthorOrWrite(world, viewer, comment);
  else demand(viewer, repositoryOf(world.state, comment), moderate(comment));
  const edit = comment.edits.find((found) => found.id === editId);
  if (!edit || edit === comment.edits.at(-1)) throw invalid({ resource: "UserContentEdit", code: "invalid" });
  edit.deletedAt = world.now();
  edit.deletedById = actor(viewer).id;
}

/** @throws GitHubError 422 for an empty text, or one above GitHub's limit */
export function checkBody(resource: string, body: string): void {
  if (body.trim() === "")
    throw invalid({ resource, code: "custom", field: "body", message: "body cannot be blank" });
  if (body.length > longestBody)
    throw invalid({
      resource,
      code: "custom",
      field: "body",
      message: "body is too long (maximum is 65536 characters)",
    });
}

function issueOf(world: World, comment: Comment): Issue {
  return world.state.issues.rows.get(comment.issueId)!;
}

function demandAuthorOrWrite(world: World, viewer: Viewer, comment: Comment): void {
  const issue = issueOf(world, comment);
  const own = viewer.kind === "user" && viewer.account.id === comment.authorId;
  demand(viewer, repositoryOf(world.state, issue), own ? talkOn(issue) : moderate(issue));
}

function tellOfComment(
  world: World,
  viewer: Viewer,
  comment: Comment,
  { action, ...extra }: { action: ActionOf<"issue_comment"> } & Record<string, unknown>,
): void {
  const issue = issueOf(world, comment);
  const body = { issue: issuePayload(world, issue), comment: commentPayload(world, comment), ...extra };
  tell(world, viewer, { event: "issue_comment", action, repository: repositoryOf(world.state, issue), body });
}
