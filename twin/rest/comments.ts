import { z } from "zod";
import { createComment, deleteComment, editComment } from "../acts/comments.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import { commentsSeen } from "../lookup.ts";
import type { Comment } from "../model.ts";
import { needs, readOf } from "../needs.ts";
import { commentPayload } from "../payloads/issue.ts";
import { childrenOf } from "../table.ts";
import { demand } from "../viewer.ts";
import { issueIn } from "./issues.ts";
import { created, existing, noContent, numberIn, ofRepository, ok, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/issues/comments */
export const commentRoutes: readonly Route[] = [
  ofRepository("GET /issues/comments", needs.readConversations, (call) => {
    const { world, query, repository } = call;
    const all = childrenOf(world.state.issues, repository.id).flatMap((issue) =>
      commentsSeen(world, issue.id),
    );
    return page(call, since(all, query.get("since")), (comment) => commentPayload(world, comment));
  }),
  ofRepository("GET /issues/comments/:comment", needs.readConversations, (call) => {
    const comment = commentIn(call);
    const seen = commentsSeen(call.world, comment.issueId).find(({ id }) => id === comment.id);
    return ok(commentPayload(call.world, existing(seen)));
  }),
  ofRepository("PATCH /issues/comments/:comment", needs.writeConversations, (call) => {
    const comment = commentIn(call);
    editComment(call.world, call.viewer, comment, take(call, bodySchema).body);
    return ok(commentPayload(call.world, comment));
  }),
  ofRepository("DELETE /issues/comments/:comment", needs.writeConversations, (call) => {
    deleteComment(call.world, call.viewer, commentIn(call));
    return noContent();
  }),
  ofRepository("GET /issues/:number/comments", needs.readConversations, (call) => {
    const seen = commentsSeen(call.world, issueIn(call).id);
    return page(call, since(seen, call.query.get("since")), (comment) => commentPayload(call.world, comment));
  }),
  ofRepository("POST /issues/:number/comments", needs.writeConversations, (call) => {
    const comment = createComment(call.world, call.viewer, issueIn(call), take(call, bodySchema).body);
    return created(commentPayload(call.world, comment));
  }),
];

/** The comment in the path, if the viewer may read it. */
export function commentIn(call: RepositoryCall): Comment {
  const { world, repository } = call;
  const comment = existing(world.state.comments.rows.get(numberIn(call, "comment")));
  const issue = world.state.issues.rows.get(comment.issueId)!;
  existing(issue.repositoryId === repository.id ? issue : undefined);
  demand(call.viewer, repository, readOf(issue));
  return comment;
}

const bodySchema = z.object({ body: z.string() });

function since(comments: readonly Comment[], from: string | null): Comment[] {
  const start = Date.parse(from ?? "") || 0;
  return comments.filter((comment) => comment.updatedAt >= start);
}
