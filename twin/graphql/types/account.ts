import type * as github from "@octokit/graphql-schema";
import type { Account } from "../../model.ts";
import { nodeId } from "../../nodeIds.ts";
import { iso } from "../../payloads/common.ts";
import { simpleUser } from "../../payloads/account.ts";
import { repositoryByName } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { actor, canSee } from "../../viewer.ts";
import type { Ask, Fields } from "../ask.ts";
import { byId, connection } from "../connection.ts";
import { pathOf } from "../places.ts";

const everyAccount = {
  id: (account) => nodeId(account.type, account.id),
  databaseId: (account) => account.id,
  login: (account) => account.login,
  avatarUrl: (account, _args, { world }) => simpleUser(world, account).avatar_url,
  url: (account, _args, { world }) => simpleUser(world, account).html_url,
  resourcePath: (account, _args, { world }) => pathOf(simpleUser(world, account).html_url),
  createdAt: (account) => iso(account.createdAt),
  updatedAt: (account) => iso(account.createdAt),
} satisfies Fields<github.Bot, Account>;

const repositoryOwner = {
  name: (account) => account.name,
  repository: (account, { name }: github.UserRepositoryArgs, { state, viewer }) => {
    const found = repositoryByName(state, account.login, name);
    return found && canSee(viewer, found) ? found : null;
  },
  repositories: (account, args: github.UserRepositoriesArgs, ask) =>
    connection(repositoriesOf(account, ask), args, ask.info, byId),
} satisfies Fields<github.User & github.Organization, Account>;

/** A person; also a bot where the schema has only users (`viewer`, a commit's author): then its login ends in `[bot]`. */
export const User: Fields<github.User, Account> = {
  ...everyAccount,
  ...repositoryOwner,
  email: (account) => account.email ?? "",
  bio: () => null,
  company: () => null,
  location: () => null,
  isSiteAdmin: () => false,
  isViewer: (account, _args, { viewer }) => actor(viewer).id === account.id,
};

/** An app's bot: GraphQL leaves the `[bot]` away that REST has. */
export const Bot: Fields<github.Bot, Account> = {
  ...everyAccount,
  login: (account) => account.login.replace(/\[bot\]$/, ""),
};

export const Organization: Fields<github.Organization, Account> = {
  ...everyAccount,
  ...repositoryOwner,
  email: (account) => account.email,
  description: () => null,
};

function repositoriesOf(account: Account, { state, viewer }: Ask) {
  return childrenOf(state.repositories, account.id).filter((repository) => canSee(viewer, repository));
}
