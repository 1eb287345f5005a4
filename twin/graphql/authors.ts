import type { Commit, Signature } from "../model.ts";
import { simpleUser } from "../payloads/account.ts";
import { accountByEmail } from "../payloads/commit.ts";
import { iso } from "../payloads/common.ts";
import type { World } from "../world.ts";

/** Who signed a commit, as `GitActor`: a plain object, its fields need no arguments. */
export function gitActor(world: World, { name, email, at }: Signature) {
  const account = accountByEmail(world, email) ?? null;
  return {
    name,
    email,
    date: iso(at),
    user: account,
    avatarUrl: account ? simpleUser(world, account).avatar_url : `${world.urls.web}/avatars/u/0`,
  };
}

/** The author, and who is named by `Co-authored-by:` at the message's end. */
export function authorsOf(commit: Commit): Signature[] {
  const trailers = commit.message.matchAll(/^co-authored-by:\s*(.+?)\s*<([^>]+)>\s*$/gim);
  const others = [...trailers].map(([, name, email]) => ({
    name: name!,
    email: email!,
    at: commit.author.at,
  }));
  const all = [commit.author, ...others];
  return all.filter((person, index) => all.findIndex((other) => other.email === person.email) === index);
}
