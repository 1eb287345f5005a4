import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { git } from "./git.ts";
import { PlannerError } from "./plannerError.ts";

const LIST_BYTES = 4 * 1024 * 1024;
const BLOB_BYTES = 512 * 1024;
const SEARCH_BYTES = 64 * 1024;
const READ_MS = 20_000;
const FETCH_MS = 600_000;

/** One file, as far as it can be read. */
type Blob = { kind: "text"; text: string } | { kind: "not text"; say: string };

/** The files of one commit. Paths are from the root; "" is the root. */
export interface Tree {
  /** The paths of all files at and below `path`. */
  files(path: string): Promise<string[]>;
  /** The file at `path`, or null if there is none. */
  read(path: string): Promise<Blob | null>;
  /** `path:line:text` of lines that contain `text`, in any case. */
  search(text: string, path: string): Promise<string[]>;
  /** Removes what is on the disk. */
  remove(): Promise<void>;
}

/**
 * Fetches one commit of a repository through the gate, without its history, into a new bare repository in `dir`. Nothing
 * of it is checked out, so nothing of it can run.
 *
 * @throws {PlannerError} `clone`
 */
export async function cloneTree(options: {
  gateUrl: string;
  pass: string;
  repository: { owner: string; name: string };
  sha: string;
  dir: string;
  signal: AbortSignal;
}): Promise<Tree> {
  const { gateUrl, pass, repository, sha, dir, signal } = options;
  if (!/^[\da-f]{40,64}$/.test(sha)) throw new Error(`${sha} is no commit's id`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const bare = await mkdtemp(join(dir, "plan-"));
  const remove = () => rm(bare, { recursive: true, force: true });
  try {
    await done(git(["init", "--quiet", "--bare", bare], { limit: 1000, ms: READ_MS, signal }), sha);
    const url = `${gateUrl}/git/${repository.owner}/${repository.name}.git`;
    const fetch = [
      "--git-dir",
      bare,
      "fetch",
      "--quiet",
      "--depth=1",
      "--no-tags",
      "--no-recurse-submodules",
      url,
      sha,
    ];
    const config = {
      "http.extraHeader": `Authorization: Basic ${Buffer.from(`x:${pass}`).toString("base64")}`,
      "http.followRedirects": "false",
      "http.lowSpeedLimit": "100",
      "http.lowSpeedTime": "60",
      "transfer.fsckObjects": "true",
      "gc.auto": "0",
    };
    await done(git(fetch, { config, limit: 1000, ms: FETCH_MS, signal }), sha);
  } catch (error) {
    await remove();
    throw error;
  }
  return treeOf(bare, sha, signal, remove);
}

async function done(running: ReturnType<typeof git>, sha: string): Promise<void> {
  const { code, stderr } = await running;
  if (code === 0) return;
  const why =
    stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^(?:fatal|error): /, "") ?? "";
  throw new PlannerError(
    "clone",
    `The repository can't be read at ${sha.slice(0, 7)}: ${why || `git ended with ${code}`}.`,
  );
}

function treeOf(bare: string, sha: string, signal: AbortSignal, remove: () => Promise<void>): Tree {
  const read = (args: string[], limit: number) =>
    git(["--git-dir", bare, ...args], { config: { "core.quotePath": "false" }, limit, ms: READ_MS, signal });
  const below = (path: string) => (path ? ["--", path] : []);
  return {
    files: async (path) => {
      const { stdout } = await read(["ls-tree", "-r", "-z", "--name-only", sha, ...below(path)], LIST_BYTES);
      return String(stdout).split("\0").filter(Boolean);
    },
    read: async (path) => {
      const { stdout } = await read(["ls-tree", "-z", sha, "--", path], 10_000);
      const entry = /^(\d+) (\w+) (\w+)\t([^\0]*)\0$/.exec(String(stdout));
      const [, mode, type, id, name] = entry ?? [];
      if (!id || name !== path || type === "tree") return null;
      if (type !== "blob") return { kind: "not text", say: "a submodule: its files are elsewhere" };
      const blob = await read(["cat-file", "blob", id], BLOB_BYTES);
      return describe(blob.stdout, blob.cut, mode === "120000");
    },
    search: async (text, path) => {
      const grep = ["grep", "-I", "-n", "-i", "-F", "--max-count=20", "-e", text, sha, ...below(path)];
      const { stdout } = await read(grep, SEARCH_BYTES);
      return String(stdout)
        .split("\n")
        .filter(Boolean)
        .map((line) => line.replace(`${sha}:`, ""));
    },
    remove,
  };
}

function describe(bytes: Buffer, cut: boolean, link: boolean): Blob {
  if (link) return { kind: "not text", say: `a symbolic link to ${String(bytes)}` };
  if (bytes.subarray(0, 8000).includes(0)) return { kind: "not text", say: "a binary file" };
  return {
    kind: "text",
    text: `${String(bytes)}${cut ? "\n[the file goes on, but isn't read further]" : ""}`,
  };
}
