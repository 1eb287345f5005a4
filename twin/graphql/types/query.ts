import type * as github from "@octokit/graphql-schema";
import { iso } from "../../payloads/common.ts";
import { accountByLogin, repositoryByName } from "../../store.ts";
import type { Account } from "../../model.ts";
import { actor, canSee } from "../../viewer.ts";
import { actorSource } from "../accounts.ts";
import type { Ask, Fields } from "../ask.ts";
import { nodeById } from "../nodes.ts";
import { refusal } from "../refusal.ts";
import { searchConnection } from "../search.ts";
import { pointsPerHour, spendingOf } from "../spending.ts";

/** GitHub's limit for `nodes(ids:)`. */
const mostIds = 100;

export const Query: Fields<github.Query, undefined> = {
  viewer: (_root, _args, { viewer }) => actor(viewer),
  repository: (_root, { owner, name }: github.QueryRepositoryArgs, { state, viewer }) => {
    const found = repositoryByName(state, owner, name);
    if (found && canSee(viewer, found)) return found;
    throw refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  },
  node: (_root, { id }: github.QueryNodeArgs, ask) => nodeById(id, ask),
  nodes: (_root, { ids }: github.QueryNodesArgs, ask) => {
    const given = [ids].flat();
    if (given.length > mostIds)
      throw refusal(
        "ARGUMENT_LIMIT",
        `You may not provide more than ${mostIds} node ids; you provided ${given.length}.`,
      );
    // An Error in a list is reported at its own place; the others are answered.
    return Promise.all(given.map((id) => nodeById(id, ask).catch((error: unknown) => error)));
  },
  user: (_root, { login }: github.QueryUserArgs, ask) => accountOfType(login, ["User", "Bot"], "a User", ask),
  organization: (_root, { login }: github.QueryOrganizationArgs, ask) =>
    accountOfType(login, ["Organization"], "an Organization", ask),
  repositoryOwner: (_root, { login }: github.QueryRepositoryOwnerArgs, { state }) => {
    const account = accountByLogin(state, login);
    return account && account.type !== "Bot" ? actorSource(account) : null;
  },
  search: (_root, args: github.QuerySearchArgs, ask) => searchConnection(args, ask),
  rateLimit: (_root, _args, { world, viewer, cost }) => {
    const { used, resetAt } = spendingOf(world, viewer);
    return {
      cost: cost.points,
      nodeCount: cost.nodes,
      limit: pointsPerHour,
      used,
      remaining: pointsPerHour - used,
      resetAt: iso(resetAt),
    };
  },
};

function accountOfType(
  login: string,
  types: readonly Account["type"][],
  what: string,
  { state }: Ask,
): Account {
  const account = accountByLogin(state, login);
  if (account && types.includes(account.type)) return account;
  throw refusal("NOT_FOUND", `Could not resolve to ${what} with the login of '${login}'.`);
}
