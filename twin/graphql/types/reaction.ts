import type * as github from "@octokit/graphql-schema";
import type { Reaction as Source } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { iso, isoOrNull } from "../../payloads/common.ts";
import { people } from "../accounts.ts";
import type { Fields } from "../ask.ts";
import { connection } from "../connection.ts";
import { reactionName } from "../names.ts";
import { isAmong, reactionsOf, reactorConnection } from "../reactions.ts";
import type { ReactionGroupSource } from "../reactions.ts";
import { reactableById } from "../subjects.ts";

export const Reaction: Fields<github.Reaction, Source> = {
  id: (reaction) => nodeId("Reaction", reaction.id),
  databaseId: (reaction) => reaction.id,
  content: (reaction) => reactionName(reaction.content),
  createdAt: (reaction) => iso(reaction.createdAt),
  // A bot is no `User`.
  user: (reaction, _args, { state }) => people(state, [reaction.accountId])[0] ?? null,
  reactable: (reaction, _args, { state }) => reactableById(state, reaction.subjectId),
};

export const ReactionGroup: Fields<github.ReactionGroup, ReactionGroupSource> = {
  content: (group) => reactionName(group.content),
  createdAt: (group, _args, { state }) => isoOrNull(reactionsOf(state, group)[0]?.createdAt ?? null),
  subject: (group, _args, { state }) => reactableById(state, group.subjectId),
  viewerHasReacted: (group, _args, ask) => isAmong(reactionsOf(ask.state, group), ask),
  reactors: (group, args: github.ReactionGroupReactorsArgs, ask) =>
    reactorConnection(reactionsOf(ask.state, group), args, ask),
  users: (group, args: github.ReactionGroupUsersArgs, ask) => {
    const reactions = reactionsOf(ask.state, group).filter(
      (reaction) => people(ask.state, [reaction.accountId]).length > 0,
    );
    return connection(reactions, args, ask.info, {
      key: (reaction) => [reaction.createdAt, reaction.id],
      node: (reaction) => people(ask.state, [reaction.accountId])[0],
      edge: (reaction) => ({ reactedAt: iso(reaction.createdAt) }),
    });
  },
};
