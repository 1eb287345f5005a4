import { execFileSync } from "node:child_process";

/** A commit that has to be judged. */
export interface Commit {
  sha: string;
  message: string;
}

/** What stands at a path of a tree, as modes tell it. */
type Kind = "file" | "submodule" | "nothing";

/** One path of a commit that differs from another commit's. */
export interface Change {
  path: string;
  now: Kind;
  /** The objects that stand there now, and stood there before. */
  blob: string;
  before: string | null;
}

const MOST_BYTES = 256 * 1024 * 1024;

// Without the settings that the hook was given: while it judges, git fetches nothing by itself.
const { GIT_CONFIG_COUNT: _, GATE_UPSTREAM: upstream = "{}", ...quiet } = process.env;

/** The environment of a git that can fetch what the mirror lacks. */
export const upstreamEnvironment = JSON.parse(upstream) as Record<string, string>;
/** The environment of all others. */
export const localEnvironment = quiet;

/** What git prints in the repository that the hook runs in. The judge waits for each answer: it does nothing else. */
export function gitHere(
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Buffer {
  return execFileSync("git", args, {
    maxBuffer: MOST_BYTES,
    stdio: ["pipe", "pipe", "ignore"],
    input: options.input ?? "",
    env: options.env ?? localEnvironment,
  });
}

export function typeOf(sha: string): string {
  return gitHere(["cat-file", "-t", sha]).toString().trim();
}

/** The commits that `tip` brings and none of `known` has, with their messages as they were written. */
export function newCommits(tip: string, known: readonly string[]): Commit[] {
  const listed = gitHere(["log", "-z", "--format=%H%n%B", tip, "--not", ...known]).toString();
  return listed
    .split("\0")
    .filter(Boolean)
    .map((entry) => ({ sha: entry.slice(0, 40), message: entry.slice(41) }));
}

/** Where the history of `commit` left that of `other`: none if they have nothing in common, several after criss-cross merges. */
export function forkPoints(commit: string, other: string): string[] {
  try {
    return gitHere(["merge-base", "--all", commit, other]).toString().split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** The paths in which `commit` differs from `other`; a rename is a path that went and one that came. `patterns` are pathspecs. */
export function differences(other: string, commit: string, patterns: readonly string[] = []): Change[] {
  const raw = gitHere(["diff-tree", "-r", "-z", "--raw", "--no-renames", other, commit, "--", ...patterns]);
  const fields = raw.toString().split("\0");
  const changes: Change[] = [];
  // `:100644 100755 <before> <now> M`, then the path: https://git-scm.com/docs/git-diff-tree#_raw_output_format
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeBefore = "", mode = "", before = "", blob = ""] = fields[at]!.split(" ");
    const was = kindOf(modeBefore.slice(1));
    changes.push({ path: fields[at + 1]!, now: kindOf(mode), blob, before: was === "file" ? before : null });
  }
  return changes;
}

function kindOf(mode: string): Kind {
  if (mode === "000000") return "nothing";
  return mode === "160000" ? "submodule" : "file";
}
