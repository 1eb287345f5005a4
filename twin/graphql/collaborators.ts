import type * as github from "@octokit/graphql-schema";
import type { Account, Repository } from "../model.ts";
import { accountOf } from "../store.ts";
import type { State } from "../store.ts";
import { atLeast, levelOf } from "../viewer.ts";
import { byId, connection } from "./connection.ts";
import type { Ask } from "./ask.ts";
import { refusal } from "./refusal.ts";

/** Who has a level on a repository, with that level on the edge. */
export function collaboratorConnection(
  repository: Repository,
  args: github.RepositoryCollaboratorsArgs,
  ask: Ask,
) {
  const { viewer, state } = ask;
  if (viewer.kind === "user" && !atLeast(levelOf(repository, viewer.account), "write"))
    throw refusal("FORBIDDEN", "You do not have permission to view repository collaborators.");
  const text = (args.query ?? "").toLowerCase();
  const found = membersOf(state, repository).filter(
    (account) =>
      (args.login == null || account.login.toLowerCase() === args.login.toLowerCase()) &&
      `${account.login} ${account.name ?? ""}`.toLowerCase().includes(text),
  );
  return connection(found, args, ask.info, {
    ...byId,
    edge: (account) => ({ permission: levelOf(repository, account).toUpperCase() }),
  });
}

/** The owner, if it is a person, and everyone who was given a level. */
export function membersOf(state: State, repository: Repository): Account[] {
  const given = repository.collaborators.filter((found) => found.level !== "none");
  const ids = new Set([repository.ownerId, ...given.map((found) => found.accountId)]);
  return [...ids].map((id) => accountOf(state, id)).filter((account) => account.type === "User");
}
