import { mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { Brief } from "../contract/brief.ts";
import { RunFailure } from "./failure.ts";
import type { Git, GitEnd } from "./git.ts";
import { oneLine } from "./text.ts";

/** Files above this size come when they are needed: history holds many that nobody reads again. */
const FILTER = "--filter=blob:limit=1m";
const PATIENCE_MS = 120_000;

/** Clones the repository through the gate and checks the run's branch out, made at the base commit if it isn't there. Throws `RunFailure`. */
export async function checkOut(git: Git, brief: Brief, gate: string): Promise<void> {
  const { owner, name } = brief.repository;
  const url = `${gate}/git/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git`;
  await patiently(() => {
    rmSync(git.tree, { recursive: true, force: true });
    mkdirSync(git.tree, { recursive: true });
    return git.attempt(
      "clone",
      "--quiet",
      "--no-checkout",
      FILTER,
      "--single-branch",
      "--branch",
      brief.base.branch,
      url,
      ".",
    );
  });
  const start = (await fetchBranch(git, brief.branch.name)) ?? (await baseCommit(git, brief));
  const checkedOut = await git.attempt("checkout", "--quiet", "-B", brief.branch.name, start);
  if (checkedOut.code !== 0) throw failed(checkedOut);
}

/** The tip of `branch` at the remote, fetched; null if it isn't there. Throws `RunFailure`. */
export async function fetchBranch(git: Git, branch: string): Promise<string | null> {
  const listed = await patiently(() => git.attempt("ls-remote", "origin", `refs/heads/${branch}`));
  if (listed.stdout.trim() === "") return null;
  const tracking = `refs/remotes/origin/${branch}`;
  await patiently(() =>
    git.attempt("fetch", "--quiet", "--no-tags", "origin", `+refs/heads/${branch}:${tracking}`),
  );
  return git.run("rev-parse", "--verify", tracking);
}

async function baseCommit(git: Git, brief: Brief): Promise<string> {
  const { sha, branch } = brief.base;
  const here = await git.attempt("cat-file", "-e", `${sha}^{commit}`);
  if (here.code === 0) return sha;
  const fetched = await git.attempt("fetch", "--quiet", "--no-tags", "origin", sha);
  if (fetched.code === 0) return sha;
  throw new RunFailure(
    "clone",
    `The commit ${sha}, which the work starts from, isn't in \`${branch}\` any more.`,
  );
}

/** Tries again while the gate doesn't answer, or has no lease for this run (503): the app may be restarting. */
export async function patiently(attempt: () => Promise<GitEnd>): Promise<GitEnd> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(2_000)) {
    const end = await attempt();
    if (end.code === 0) return end;
    const passing = /returned error: 50[234]|Failed to connect|Connection refused|Empty reply/i.test(
      end.stderr,
    );
    if (!passing || Date.now() > until) throw failed(end);
  }
}

function failed(end: GitEnd): RunFailure {
  return new RunFailure("clone", `The repository couldn't be read: ${oneLine(end.stderr, 800)}`);
}
