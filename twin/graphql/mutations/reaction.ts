import type * as github from "@octokit/graphql-schema";
import { react, unreact } from "../../acts/reactions.ts";
import type { Reactable } from "../../model.ts";
import { childrenOf } from "../../table.ts";
import { actor } from "../../viewer.ts";
import type { Ask, Fields } from "../ask.ts";
import { reactionNamed, reactionNames } from "../names.ts";
import { reactableById } from "../subjects.ts";
import { mutation } from "./mutation.ts";
import { reactableNode } from "./subjects.ts";

export const reactionMutations: Fields<github.Mutation, undefined> = {
  addReaction: mutation<github.AddReactionInput>(async (input, ask) => {
    const subject = await reactableNode(input.subjectId, ask);
    const { reaction } = react(ask.world, ask.viewer, subject, reactionNamed(input.content));
    return { reaction, ...payloadOf(subject, ask) };
  }),
  removeReaction: mutation<github.RemoveReactionInput>(async (input, ask) => {
    const subject = await reactableNode(input.subjectId, ask);
    const content = reactionNamed(input.content);
    const reaction = childrenOf(ask.state.reactions, subject.id).find(
      (found) => found.content === content && found.accountId === actor(ask.viewer).id,
    );
    unreact(ask.world, ask.viewer, subject, content);
    return { reaction: reaction ?? null, ...payloadOf(subject, ask) };
  }),
};

function payloadOf(subject: Reactable, { state }: Ask) {
  return {
    subject: reactableById(state, subject.id),
    reactionGroups: reactionNames.map(([content]) => ({ subjectId: subject.id, content })),
  };
}
