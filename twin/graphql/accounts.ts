import type { Account } from "../model.ts";
import { accountOf } from "../store.ts";
import type { State } from "../store.ts";
import { Typed } from "./ask.ts";

/** An account where the schema has `Actor` or a union of users, bots and organizations. */
export function actorSource(account: Account): Typed {
  return new Typed(account.type, account);
}

/** As `actorSource`, by id. */
export function actorById(state: State, id: number): Typed {
  return actorSource(accountOf(state, id));
}

/** The accounts that are people, for fields that can only be users: GitHub leaves bots out there. */
export function people(state: State, ids: Iterable<number>): Account[] {
  return [...new Set(ids)].map((id) => accountOf(state, id)).filter((account) => account.type === "User");
}
