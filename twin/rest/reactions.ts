import { z } from "zod";
import { deleteReaction, react } from "../acts/reactions.ts";
import { take } from "../http.ts";
import type { Route } from "../http.ts";
import type { Reactable } from "../model.ts";
import { needs } from "../needs.ts";
import { reactionPayload } from "../payloads/issue.ts";
import { childrenOf } from "../table.ts";
import type { Need } from "../viewer.ts";
import { commentIn } from "./comments.ts";
import { issueIn } from "./issues.ts";
import { reviewCommentIn } from "./reviewComments.ts";
import { existing, noContent, numberIn, ofRepository, page } from "./route.ts";
import type { RepositoryCall } from "./route.ts";

/** https://docs.github.com/en/rest/reactions/reactions, for issues, their comments, and review comments. */
export const reactionRoutes: readonly Route[] = [
  ...reactionsOf("/issues/comments/:comment", {
    read: needs.readIssues,
    write: needs.reactToIssues,
    find: commentIn,
  }),
  ...reactionsOf("/issues/:number", { read: needs.readIssues, write: needs.reactToIssues, find: issueIn }),
  ...reactionsOf("/pulls/comments/:comment", {
    read: needs.readPulls,
    write: needs.review,
    find: reviewCommentIn,
  }),
];

function reactionsOf(
  path: string,
  { read, write, find }: { read: Need; write: Need; find: (call: RepositoryCall) => Reactable },
): Route[] {
  return [
    ofRepository(`GET ${path}/reactions` as "GET /", read, (call) => {
      const content = call.query.get("content");
      const all = childrenOf(call.world.state.reactions, find(call).id);
      const wanted = all.filter((reaction) => content === null || reaction.content === content);
      return page(call, wanted, (reaction) => reactionPayload(call.world, reaction));
    }),
    ofRepository(`POST ${path}/reactions` as "POST /", write, (call) => {
      const { content } = take(call, z.object({ content: z.string() }));
      const { reaction, created } = react(call.world, call.viewer, find(call), content);
      return { status: created ? 201 : 200, body: reactionPayload(call.world, reaction) };
    }),
    ofRepository(`DELETE ${path}/reactions/:reaction` as "DELETE /", write, (call) => {
      const subject = find(call);
      const reaction = call.world.state.reactions.rows.get(numberIn(call, "reaction"));
      const own = existing(reaction?.subjectId === subject.id ? reaction : undefined);
      deleteReaction(call.world, call.viewer, subject, own);
      return noContent();
    }),
  ];
}
