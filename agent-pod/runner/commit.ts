import { writeFile, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Brief } from "../contract/brief.ts";
import type { Git } from "./git.ts";
import { unstageLeftovers } from "./leftovers.ts";
import { tame, withTrailer } from "./message.ts";

/** Commits what the agent left uncommitted, merges under way included. Says whether there was anything. */
export async function commitRest(
  git: Git,
  setup: { before: string; after: string },
  message: string,
): Promise<boolean> {
  await git.run("add", "--all");
  await unstageLeftovers(git, setup);
  const merging = (await git.attempt("rev-parse", "--quiet", "--verify", "MERGE_HEAD")).code === 0;
  const changed = (await git.attempt("diff", "--cached", "--quiet")).code !== 0;
  if (!merging && !changed) return false;
  await git.run("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message);
  return true;
}

/**
 * Makes the commits that the remote doesn't know the app's, co-authored by whoever labelled (design §3): an agent that commits
 * by itself does so in whatever name it likes. Trees, order and merges stay, and so does the work tree.
 */
export async function signCommits(git: Git, brief: Brief, start: string): Promise<void> {
  const listed = await git.run(
    "rev-list",
    "--reverse",
    "--topo-order",
    "HEAD",
    `^${start}`,
    "--not",
    "--remotes=origin",
  );
  const renamed = new Map<string, string>();
  for (const sha of listed.split("\n").filter((line) => line !== ""))
    renamed.set(sha, await signed(git, sha, { brief, renamed }));
  const head = renamed.get(await git.run("rev-parse", "HEAD"));
  if (head) await git.run("update-ref", "HEAD", head);
}

async function signed(
  git: Git,
  sha: string,
  context: { brief: Brief; renamed: ReadonlyMap<string, string> },
): Promise<string> {
  const { brief, renamed } = context;
  const [parents = "", tree = ""] = (await git.run("show", "--no-patch", "--format=%P%n%T", sha)).split("\n");
  const message = await git.run("show", "--no-patch", "--format=%B", sha);
  const file = join(git.tree, ".git", "coxswain-message");
  await writeFile(file, `${withTrailer(tame(message, brief.issue.number), brief)}\n`);
  const onto = parents.split(" ").filter((parent) => parent !== "");
  const made = await git.run(
    "commit-tree",
    tree,
    ...onto.flatMap((p) => ["-p", renamed.get(p) ?? p]),
    "-F",
    file,
  );
  await rm(file, { force: true });
  return made;
}
