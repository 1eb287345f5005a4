import { randomBytes } from "node:crypto";
import { refused } from "../errors.ts";
import type { Account, Level, Repository } from "../model.ts";
import { accountByLogin, newId } from "../store.ts";
import { insert } from "../table.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";

/** Somebody with an account and a token. */
export interface Person {
  account: Account;
  token: string;
  viewer: Extract<Viewer, { kind: "user" }>;
}

/** Signs somebody up. @throws GitHubError 422 for a login that is taken */
export function createPerson(world: World, login: string, { name }: { name?: string } = {}): Person {
  const account = createAccount(world, { login, type: "User", name: name ?? null });
  const secret = `ghp_${randomBytes(18).toString("hex")}`;
  insert(world.state.tokens, { kind: "user", id: newId(world.state), secret, accountId: account.id });
  return { account, token: secret, viewer: { kind: "user", account } };
}

/** Makes an account of any type. @throws GitHubError 422 for a login that is taken */
export function createAccount(
  world: World,
  { login, type, name }: { login: string; type: Account["type"]; name: string | null },
): Account {
  if (accountByLogin(world.state, login)) throw refused(`Login ${login} is already taken`);
  const account = { id: newId(world.state), login, type, name, email: null, createdAt: world.now() };
  world.changed();
  return insert(world.state.accounts, account);
}

/** Gives somebody a permission level on a repository; `none` takes it away. */
export function setLevel(
  world: World,
  repository: Repository,
  { accountId, level }: { accountId: number; level: Level },
) {
  const others = repository.collaborators.filter((one) => one.accountId !== accountId);
  repository.collaborators = level === "none" ? others : [...others, { accountId, level }];
  world.changed();
}
