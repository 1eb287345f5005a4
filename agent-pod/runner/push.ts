import { z } from "zod";

import type { Brief } from "../contract/brief.ts";
import { fetchBranch, patiently } from "./checkout.ts";
import { RunFailure } from "./failure.ts";
import type { Git, GitEnd } from "./git.ts";
import { oneLine } from "./text.ts";

/** How the push ended: the rules' refusal is a question to people, all else that fails a `RunFailure`. */
export type Push = { kind: "pushed" } | { kind: "refused"; sentences: string[]; paths: string[] };

const TRIES = 3;

/** Pushes HEAD to the run's one branch, never by force. What a person pushed meanwhile is merged in first. Throws `RunFailure`. */
export async function push(git: Git, brief: Brief): Promise<Push> {
  const ref = `refs/heads/${brief.branch.name}`;
  for (let left = TRIES; ; left -= 1) {
    const end = await pushOnce(git, ref);
    if (end.code === 0) return { kind: "pushed" };
    const refusal = refusalIn(end.stderr);
    if (refusal) return refusal;
    const behind = /\(fetch first\)|non-fast-forward|failed to update ref|cannot lock ref/i.test(
      end.stdout + end.stderr,
    );
    if (!behind || left <= 1) throw new RunFailure("push", `The push failed: ${pushError(end)}`);
    await takeIn(git, brief.branch.name);
  }
}

/** One push; only answers that pass by themselves are asked for again. */
async function pushOnce(git: Git, ref: string): Promise<GitEnd> {
  let last: GitEnd = { code: 0, stdout: "", stderr: "" };
  try {
    return await patiently(
      async () => (last = await git.attempt("push", "--porcelain", "origin", `HEAD:${ref}`)),
    );
  } catch {
    return last;
  }
}

/** Merges what others pushed to the branch since. Throws `RunFailure` if that conflicts. */
async function takeIn(git: Git, branch: string): Promise<void> {
  const tip = await fetchBranch(git, branch);
  if (!tip) return;
  const merged = await git.attempt("merge", "--quiet", "--no-edit", tip);
  if (merged.code === 0) return;
  const conflicts = await git.attempt("diff", "--name-only", "--diff-filter=U");
  await git.attempt("merge", "--abort");
  const where = conflicts.stdout.trim().split("\n").join(", ");
  throw new RunFailure(
    "push",
    `Someone pushed to \`${branch}\` meanwhile, and that conflicts with this work${where ? ` in ${where}` : ""}. It isn't pushed.`,
  );
}

/** What the gate says on stderr when its rules refuse: `coxswain: refused: <sentence>`, `coxswain: refused-paths: [json]`. */
function refusalIn(stderr: string): Push | null {
  const lines = stderr.split("\n").map((line) => line.replace(/^remote:\s?/, "").trim());
  const after = (mark: string): string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trim());
  const sentences = after("coxswain: refused:");
  const paths = after("coxswain: refused-paths:").flatMap(pathsIn);
  return sentences.length + paths.length > 0 ? { kind: "refused", sentences, paths } : null;
}

function pathsIn(json: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(json));
  } catch {
    return [];
  }
}

function pushError(end: GitEnd): string {
  const told = end.stderr
    .split("\n")
    .filter((line) => line.startsWith("remote:") || /error|fatal/i.test(line));
  return oneLine(told.join(" ") || end.stderr, 800);
}
