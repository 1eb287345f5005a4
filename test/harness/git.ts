import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Commit {
  /** The repository's address, `http://…/owner/name.git`. */
  url: string;
  /** A token that may push. */
  token: string;
  branch: string;
  /** What it starts from, where the branch isn't there yet. */
  from?: string;
  /** A branch that is merged into it; `changes` resolve the conflicts. */
  merge?: string;
  /** Whole files by path; null removes one. */
  changes: Record<string, string | null>;
  message: string;
  author: { name: string; email: string };
}

/** Clones, commits and pushes, as real git does over HTTP. Throws what git says. Returns the new commit. */
export async function pushCommit(commit: Commit): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "scenario-git-"));
  const git = gitIn(tree, commit);
  try {
    await git("init", "-q", "-b", commit.branch);
    const there = (await git("ls-remote", commit.url, `refs/heads/${commit.branch}`)) !== "";
    const from = there ? commit.branch : commit.from;
    if (from) await git("fetch", "-q", commit.url, from);
    if (from) await git("reset", "-q", "--hard", "FETCH_HEAD");
    if (commit.merge) {
      await git("fetch", "-q", commit.url, commit.merge);
      // A conflict ends it with 1; the files that are written below resolve it.
      await git("merge", "-q", "--no-commit", "FETCH_HEAD").catch(() => "");
    }
    for (const [path, text] of Object.entries(commit.changes)) await put(join(tree, path), text);
    await git("add", "-A");
    await git("commit", "-q", "-m", commit.message);
    await git("push", "-q", commit.url, `HEAD:refs/heads/${commit.branch}`);
    return await git("rev-parse", "HEAD");
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function put(path: string, text: string | null): Promise<void> {
  if (text === null) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** The token goes by the environment, never by argv. */
function gitIn(cwd: string, { token, author }: Commit): (...args: string[]) => Promise<string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const env = {
    PATH: process.env["PATH"],
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  return async (...args) => (await run("git", args, { cwd, env })).stdout.trim();
}
