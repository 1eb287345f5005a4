import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Refusal } from "../refusal.ts";
import type { GitEnd } from "./command.ts";
import { git, localGit, upstreamGit } from "./command.ts";
import type { Origin } from "./origin.ts";
import { turns } from "./turns.ts";

const LOOK_UP_MS = 60_000;
const FETCH_MS = 10 * 60_000;
const LOCAL_MS = 60_000;
/** How far back a pushing git is shown commits of the base, each twice as far as the one before. */
const MOST_BACK = 4096;

/** What git says of a fetch that failed underway. */
const NETWORK = /unable to access|returned error|RPC failed|early EOF|hung up|disconnect|timed out/i;

/** Commits by the full name of the ref that they are the tip of. */
export type Tips = ReadonlyMap<string, string>;

/** Bare, blobless mirrors, one for each repository: all commits and trees of the refs that were asked for. */
export interface Mirrors {
  path(origin: Origin): string;
  /** Where `refs` stand upstream now; the mirror has their commits then. Throws a `Refusal` when GitHub doesn't answer. */
  tips(origin: Origin, refs: readonly string[], signal: AbortSignal): Promise<Tips>;
  /** Makes the mirror while nobody waits for it, if there is none yet. Never throws. */
  warm(origin: Origin, refs: readonly string[]): Promise<void>;
  /** Whether all of `commits` came from GitHub. */
  knows(origin: Origin, commits: readonly string[]): Promise<boolean>;
  /** Commits on the way back from `tip`, ever further apart. */
  ancestors(origin: Origin, tip: string): Promise<string[]>;
}

/** The mirrors in the folder `home`, git's HOME: a cache, which may be lost at any time. */
export function mirrorsIn(home: string): Mirrors {
  const dir = join(home, "mirrors");
  /** One fetch of a repository at a time: two would fight over its lock files. */
  const inTurn = turns<number>();
  /** Tips that are known to be in a repository's mirror. */
  const there = new Map<number, Set<string>>();
  const path = (origin: Origin): string => join(dir, `${origin.repository.id}.git`);

  const bring = async (origin: Origin, tips: Tips): Promise<void> => {
    const { id } = origin.repository;
    if (await make(dir, path(origin))) there.delete(id);
    const here = there.get(id) ?? new Set();
    const lacking = new Map([...tips].filter(([, sha]) => !here.has(sha)));
    if (lacking.size === 0) return;
    await fetchTips(path(origin), home, origin, lacking);
    there.set(id, new Set([...here, ...lacking.values()]));
  };
  const tipsOf = async (origin: Origin, refs: readonly string[], signal: AbortSignal): Promise<Tips> => {
    const tips = await lookUp(origin, refs, { home, signal });
    // Not ended with the client that waits: the next try would begin anew, and a large repository never be there.
    await inTurn(origin.repository.id, () => bring(origin, tips));
    return tips;
  };
  return {
    path,
    tips: tipsOf,
    warm: async (origin, refs) => {
      if (existsSync(path(origin))) return;
      await tipsOf(origin, refs, AbortSignal.timeout(LOOK_UP_MS)).catch(() => {});
    },
    knows: async (origin, commits) => {
      const options = { cwd: path(origin), env: localGit(home), ms: LOCAL_MS, input: commits.join("\n") };
      const listed = await git(["cat-file", "--batch-check"], options);
      return !listed.stdout.includes(" missing");
    },
    ancestors: async (origin, tip) => {
      const args = ["rev-list", "--first-parent", `--max-count=${MOST_BACK + 1}`, tip];
      const listed = await git(args, { cwd: path(origin), env: localGit(home), ms: LOCAL_MS });
      const commits = listed.stdout.split("\n").filter(Boolean);
      // 1, 2, 4, 8, …: the places of powers of two.
      return commits.filter((_, back) => back > 0 && (back & (back - 1)) === 0);
    },
  };
}

async function lookUp(
  origin: Origin,
  refs: readonly string[],
  { home, signal }: { home: string; signal: AbortSignal },
): Promise<Tips> {
  await mkdir(home, { recursive: true });
  const options = { cwd: home, env: upstreamGit(home, origin), ms: LOOK_UP_MS, signal };
  const listed = await git(["ls-remote", "--quiet", origin.url, ...refs], options);
  if (listed.code !== 0) throw unreadable(listed);
  const tips = listed.stdout
    .split("\n")
    .map((line) => line.split("\t") as [string, string?])
    // A pattern `refs/heads/main` also finds refs/remotes/refs/heads/main.
    .filter((tip): tip is [string, string] => refs.includes(tip[1] ?? ""));
  return new Map(tips.map(([sha, ref]) => [ref, sha]));
}

/** Makes the mirror; false: it was there. */
async function make(dir: string, path: string): Promise<boolean> {
  if (existsSync(path)) return false;
  await mkdir(dir, { recursive: true });
  const fresh = await mkdtemp(join(dir, "new-"));
  for (const folder of ["objects", "refs"]) await mkdir(join(fresh, folder));
  await writeFile(join(fresh, "HEAD"), "ref: refs/heads/none\n");
  // A clean-up in the background would outlive every limit; here it is part of a fetch. What it drops is two weeks old.
  await writeFile(join(fresh, "config"), "[core]\n\tbare = true\n[gc]\n\tautoDetach = false\n");
  await rename(fresh, path);
  return true;
}

async function fetchTips(path: string, home: string, origin: Origin, tips: Tips): Promise<void> {
  const options = { cwd: path, env: upstreamGit(home, origin), ms: FETCH_MS };
  const refspecs = [...tips.keys()].map((ref) => `+${ref}:refs/mirror/${flat(ref)}`);
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--filter=blob:none", "origin"];
  const fetched = await git([...args, ...refspecs], options);
  if (fetched.code !== 0) {
    // It may be the mirror that is broken, by a lock that a killed gate left: then it is made anew next time.
    if (!NETWORK.test(fetched.stderr)) await rm(path, { recursive: true, force: true });
    throw unreadable(fetched);
  }
  for (const sha of tips.values()) {
    const here = await git(["cat-file", "-e", sha], { cwd: path, env: localGit(home), ms: LOCAL_MS });
    if (here.code !== 0)
      throw new Refusal(502, "github_unreachable", "The repository moved while the gate read it.");
  }
}

/** A branch `a` that became a folder `a/b` must not be in the way. */
function flat(ref: string): string {
  return ref.replaceAll("%", "%25").replaceAll("/", "%2F");
}

function unreadable(end: GitEnd): Refusal {
  return /returned error: 4(?!29)|not found|Authentication failed|could not read Username/i.test(end.stderr)
    ? new Refusal(403, "github_refused", "GitHub doesn't let this run read the repository.")
    : new Refusal(502, "github_unreachable", "The gate can't read the repository from GitHub right now.");
}
