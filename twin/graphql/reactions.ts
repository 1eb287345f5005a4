import type * as github from "@octokit/graphql-schema";
import type { Reaction, ReactionContent } from "../model.ts";
import { iso } from "../payloads/common.ts";
import type { State } from "../store.ts";
import { childrenOf } from "../table.ts";
import { actor } from "../viewer.ts";
import { actorById } from "./accounts.ts";
import type { Ask, Fields } from "./ask.ts";
import { connection } from "./connection.ts";
import { reactionName, reactionNames } from "./names.ts";

/** All reactions of one kind to one thing: the source of `ReactionGroup`. */
export interface ReactionGroupSource {
  subjectId: number;
  content: ReactionContent;
}

/** What can be reacted to has these. `subjectId` is what reactions are kept by. */
export function reactionFields<Source>(subjectId: (source: Source, ask: Ask) => number) {
  return {
    reactions: (source, args: github.IssueReactionsArgs, ask) => {
      const content = args.content == null ? undefined : args.content;
      const found = childrenOf(ask.state.reactions, subjectId(source, ask)).filter(
        (reaction) => content === undefined || reactionName(reaction.content) === content,
      );
      const descending = args.orderBy != null && args.orderBy.direction === "DESC";
      return {
        ...connection(found, args, ask.info, {
          key: (reaction) => [reaction.createdAt, reaction.id],
          descending,
        }),
        viewerHasReacted: isAmong(found, ask),
      };
    },
    reactionGroups: (source, _args, ask): ReactionGroupSource[] =>
      reactionNames.map(([content]) => ({ subjectId: subjectId(source, ask), content })),
    viewerCanReact: () => true,
  } satisfies Fields<github.IssueComment, Source>;
}

/** The reactions of a group, oldest first. */
export function reactionsOf(state: State, group: ReactionGroupSource): Reaction[] {
  return childrenOf(state.reactions, group.subjectId).filter(
    (reaction) => reaction.content === group.content,
  );
}

/** Whether the viewer's is among them. */
export function isAmong(reactions: readonly Reaction[], { viewer }: Ask): boolean {
  const me = actor(viewer).id;
  return reactions.some((reaction) => reaction.accountId === me);
}

/** A connection of who reacted. */
export function reactorConnection(
  reactions: readonly Reaction[],
  args: github.ReactionGroupReactorsArgs,
  ask: Ask,
) {
  return connection(reactions, args, ask.info, {
    key: (reaction) => [reaction.createdAt, reaction.id],
    node: (reaction) => actorById(ask.state, reaction.accountId),
    edge: (reaction) => ({ reactedAt: iso(reaction.createdAt) }),
  });
}
