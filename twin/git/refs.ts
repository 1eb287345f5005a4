import { access, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { git, gitSays, GitFailure } from "./run.ts";

export const zeroSha = "0".repeat(40);

/** All branches and tags, by full name (`refs/heads/main`), with the commit or tag that they point to. */
export async function listRefs(dir: string): Promise<Map<string, string>> {
  const loose = await looseRefs(dir);
  if (loose) return loose;
  const lines = await git(dir, [
    "for-each-ref",
    "--format=%(objectname) %(refname)",
    "refs/heads",
    "refs/tags",
  ]);
  return new Map(
    lines
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

/** What a full ref name points to, or what lies there at a path (`refs/heads/main:docs`). */
export async function readRef(dir: string, ref: string): Promise<string | undefined> {
  const [name = "", ...path] = ref.split(":");
  const loose = await looseRef(dir, name);
  if (loose && path.length === 0) return loose;
  if (PLAIN.test(ref) && (await isMissing(dir, ref))) return undefined;
  const asked = loose ? [loose, ...path].join(":") : ref;
  try {
    return await git(dir, ["rev-parse", "--verify", "--quiet", "--end-of-options", asked]);
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

/**
 * A ref that has a file of its own, which counts before packed ones: most have, and to read it takes no process.
 * https://git-scm.com/docs/gitrepository-layout
 */
async function looseRef(dir: string, ref: string): Promise<string | undefined> {
  if (!/^refs\/(?:heads|tags)\/[\w./-]+$/.test(ref) || ref.includes("..")) return undefined;
  const text = await readFile(join(dir, ref), "utf8").catch(() => "");
  return /^[0-9a-f]{40}(?=\n$)/.exec(text)?.[0];
}

/** Full names that git needn't be asked about: to start a process takes longer than all the rest. */
const PLAIN = /^refs\/(?:heads|tags)(?:\/\w[\w-]*)+$/;

/** Whether there is neither a file of that ref nor one that others are packed into. */
async function isMissing(dir: string, ref: string): Promise<boolean> {
  return !(await isThere(join(dir, ref))) && !(await isThere(join(dir, "packed-refs")));
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** All refs where each has a file of its own; null: some may not. */
async function looseRefs(dir: string): Promise<Map<string, string> | null> {
  if (await isThere(join(dir, "packed-refs"))) return null;
  const folders = ["refs/heads", "refs/tags"];
  const found = await Promise.all(
    folders.map((folder) => readdir(join(dir, folder), { recursive: true, withFileTypes: true })),
  );
  // Git writes a ref by way of a file beside it, whose name no ref may have.
  const files = found.flat().filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"));
  const names = files.map((entry) => relative(dir, join(entry.parentPath, entry.name))).toSorted();
  const refs = await Promise.all(names.map(async (name) => [name, await looseRef(dir, name)] as const));
  const known = refs.flatMap(([name, sha]) => (sha ? [[name, sha] as const] : []));
  return known.length === names.length ? new Map(known) : null;
}

/** The commit that a branch, tag or sha names, in GitHub's order. */
export async function resolveCommit(dir: string, name: string): Promise<string | undefined> {
  for (const candidate of [
    `refs/heads/${name}`,
    `refs/tags/${name}`,
    name.replace(/^(?=heads\/|tags\/)/, "refs/"),
  ]) {
    const sha = await readRef(dir, `${candidate}^{commit}`);
    if (sha) return sha;
  }
  return undefined;
}

/** Moves, creates (`before` zero) or deletes (`after` zero) a ref, if it still is where the caller saw it. */
export async function moveRef(
  dir: string,
  ref: string,
  { before, after }: { before: string; after: string },
): Promise<void> {
  if (after === zeroSha) await git(dir, ["update-ref", "-d", ref, before]);
  else await git(dir, ["update-ref", ref, after, before]);
}

export async function isValidRef(dir: string, ref: string): Promise<boolean> {
  return PLAIN.test(ref) || gitSays(dir, ["check-ref-format", ref]);
}

/** Whether one commit is the other, or comes before it. */
export function isAncestor(dir: string, ancestor: string, descendant: string): Promise<boolean> {
  return gitSays(dir, ["merge-base", "--is-ancestor", ancestor, descendant]);
}
