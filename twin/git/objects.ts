import { rm } from "node:fs/promises";
import type { Commit, Signature } from "../model.ts";
import { git, gitBytes, GitFailure } from "./run.ts";

const format = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x1f");

/** Commits never change, so each is read once. */
const known = new Map<string, Commit>();

/** A commit, by the full sha. */
export async function readCommit(dir: string, sha: string): Promise<Commit | undefined> {
  const found = known.get(`${dir} ${sha}`);
  if (found) return found;
  try {
    const [commit] = parse(
      await git(dir, ["show", "--no-patch", "-z", `--format=${format}`, `${sha}^{commit}`, "--"]),
    );
    if (commit) known.set(`${dir} ${sha}`, commit);
    return commit;
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

/** Commits of a range (`base..head`) or before a commit, newest first unless told otherwise by `options`. */
export async function listCommits(
  dir: string,
  range: string,
  options: readonly string[] = [],
): Promise<Commit[]> {
  const path = options.indexOf("--");
  const flags = path < 0 ? options : options.slice(0, path);
  const paths = path < 0 ? [] : options.slice(path + 1);
  const args = ["log", "-z", `--format=${format}`, ...flags, range, "--", ...paths];
  if (!FIXED.test(range)) return parse(await git(dir, args));
  const key = [dir, ...args].join(" ");
  const found = ranges.get(key) ?? parse(await git(dir, args));
  if (ranges.size >= MOST_KEPT) ranges.clear();
  ranges.set(key, found);
  return [...found];
}

/** What lies between two commits never changes. */
const FIXED = /^[0-9a-f]{40}\.\.[0-9a-f]{40}$/;
const ranges = new Map<string, Commit[]>();
const MOST_KEPT = 500;

function parse(output: string): Commit[] {
  return output
    .split("\0")
    .filter(Boolean)
    .map((record) => {
      const [sha, treeSha, parents, an, ae, at, cn, ce, ct, ...message] = record.split("\x1f");
      return {
        sha: sha!,
        treeSha: treeSha!,
        parents: parents!.split(" ").filter(Boolean),
        author: { name: an!, email: ae!, at: Number(at) * 1000 },
        committer: { name: cn!, email: ce!, at: Number(ct) * 1000 },
        message: message.join("\x1f").replace(/\n+$/, ""),
      };
    });
}

export interface TreeEntry {
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
  /** Bytes; null for what isn't a blob. */
  size: number | null;
}

/** A tree's entries. `path` narrows it to one entry, or, with a slash at its end, to a folder's content. */
export async function listTree(
  dir: string,
  tree: string,
  { recursive = false, path }: { recursive?: boolean; path?: string } = {},
): Promise<TreeEntry[]> {
  const flags = recursive ? ["-r", "-t"] : [];
  const output = await git(dir, ["ls-tree", "-z", "-l", ...flags, tree, ...(path ? ["--", path] : [])]);
  return output
    .split("\0")
    .filter(Boolean)
    .map((line) => {
      const [meta, name] = [line.slice(0, line.indexOf("\t")), line.slice(line.indexOf("\t") + 1)];
      const [mode, type, sha, size] = meta.split(/ +/) as [string, TreeEntry["type"], string, string];
      return { path: name, mode, type, sha, size: size === "-" ? null : Number(size) };
    });
}

/** What kind of object a sha names. */
export async function objectType(
  dir: string,
  sha: string,
): Promise<"commit" | "tree" | "blob" | "tag" | undefined> {
  try {
    return (await git(dir, ["cat-file", "-t", sha])) as "commit" | "tree" | "blob" | "tag";
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

/** Blobs never change either; the small ones, as settings are, are asked for again and again. */
const blobs = new Map<string, Buffer>();
const SMALL_BYTES = 64 * 1024;

export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  const key = `${dir} ${sha}`;
  const found = blobs.get(key);
  if (found) return Buffer.from(found);
  const blob = await gitBytes(dir, ["cat-file", "blob", sha]);
  if (blobs.size >= MOST_KEPT) blobs.clear();
  if (blob.length <= SMALL_BYTES) blobs.set(key, blob);
  return blob;
}

export function writeBlob(dir: string, content: Buffer | string): Promise<string> {
  return git(dir, ["hash-object", "-w", "--stdin"], { input: content });
}

/** A change of one path; without `sha` the path is removed. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/** Writes the tree that results from changing paths of another (or of the empty one), through an index of its own. */
export async function writeTree(
  dir: string,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string> {
  const env = { GIT_INDEX_FILE: `${dir}/index.${process.pid}.${Math.random().toString(36).slice(2)}` };
  try {
    await git(dir, base ? ["read-tree", base] : ["read-tree", "--empty"], { env });
    const lines = changes.map(
      (change) => `${change.sha ? change.mode : "0"} ${change.sha ?? "0".repeat(40)}\t${change.path}`,
    );
    await git(dir, ["update-index", "-z", "--add", "--replace", "--index-info"], {
      env,
      input: `${lines.join("\0")}\0`,
    });
    return await git(dir, ["write-tree"], { env });
  } finally {
    await rm(env.GIT_INDEX_FILE, { force: true });
  }
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Signature;
  committer: Signature;
}

/** Writes a commit and returns its sha. */
export function writeCommit(dir: string, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return git(dir, ["commit-tree", commit.tree, ...parents, "-F", "-"], {
    input: commit.message,
    env: {
      ...signature("AUTHOR", commit.author),
      ...signature("COMMITTER", commit.committer),
    },
  });
}

function signature(role: "AUTHOR" | "COMMITTER", { name, email, at }: Signature): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: name,
    [`GIT_${role}_EMAIL`]: email,
    [`GIT_${role}_DATE`]: `@${Math.floor(at / 1000)} +0000`,
  };
}
