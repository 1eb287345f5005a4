import { git, GitFailure } from "./run.ts";

/** The newest commit that both have, or undefined for unrelated histories. */
export async function mergeBase(dir: string, one: string, other: string): Promise<string | undefined> {
  try {
    return (await git(dir, ["merge-base", one, other])).split("\n")[0];
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

export interface FileChange {
  path: string;
  previousPath: string | null;
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  additions: number;
  deletions: number;
  /** The blob after the change (before it, for what was removed). */
  sha: string;
  /** The hunks, without git's header; undefined for binary files. */
  patch: string | undefined;
}

/** What changed between two trees or commits, in git's order. */
export async function diffFiles(dir: string, from: string, to: string): Promise<FileChange[]> {
  const options = ["--no-color", "--find-renames", "--no-ext-diff", from, to];
  const [raw, numbers, patch] = await Promise.all([
    git(dir, ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", ...options]),
    git(dir, ["diff-tree", "-r", "-z", "--numstat", ...options]),
    git(dir, ["diff-tree", "-r", "-p", ...options]),
  ]);
  const counts = parseNumbers(numbers);
  const patches = splitPatch(patch);
  return parseRaw(raw).map((change, index) => ({
    ...change,
    ...counts[index]!,
    patch: hunks(patches[index]),
  }));
}

/** Commits, lines and files between the merge base and a head. */
export async function sizeOf(dir: string, base: string, head: string) {
  const from = (await mergeBase(dir, base, head)) ?? base;
  const [commits, numbers] = await Promise.all([
    git(dir, ["rev-list", "--count", `${base}..${head}`]),
    git(dir, ["diff-tree", "-r", "-z", "--numstat", "--find-renames", from, head]),
  ]);
  const counts = parseNumbers(numbers);
  return {
    commits: Number(commits),
    additions: counts.reduce((sum, count) => sum + count.additions, 0),
    deletions: counts.reduce((sum, count) => sum + count.deletions, 0),
    changedFiles: counts.length,
  };
}

/** How many commits each of two has that the other hasn't. */
export async function aheadBehind(
  dir: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const [behind, ahead] = (
    await git(dir, ["rev-list", "--left-right", "--count", `${base}...${head}`])
  ).split(/\s+/);
  return { ahead: Number(ahead), behind: Number(behind) };
}

/** The paths that differ between two commits; renames count as both paths. */
export async function changedPaths(dir: string, from: string, to: string): Promise<string[]> {
  return (await pathChanges(dir, from, to)).map((change) => change.path);
}

/** The same with git's letter for what happened: A(dded), D(eleted), M(odified), T(ype changed). */
export async function pathChanges(
  dir: string,
  from: string,
  to: string,
): Promise<{ letter: string; path: string }[]> {
  const output = await git(dir, ["diff-tree", "-r", "-z", "--name-status", "--no-renames", from, to]);
  const fields = output.split("\0").filter(Boolean);
  const changes: { letter: string; path: string }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2)
    changes.push({ letter: fields[at]!, path: fields[at + 1]! });
  return changes;
}

const statuses = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  C: "copied",
  T: "changed",
} as const;

function parseRaw(raw: string): Pick<FileChange, "path" | "previousPath" | "status" | "sha">[] {
  const fields = raw.split("\0").filter(Boolean);
  const changes: Pick<FileChange, "path" | "previousPath" | "status" | "sha">[] = [];
  while (fields.length > 0) {
    const [, , before, after, letter] = fields.shift()!.split(" ");
    const status = statuses[letter![0] as keyof typeof statuses];
    const first = fields.shift()!;
    const moved = status === "renamed" || status === "copied";
    changes.push({
      path: moved ? fields.shift()! : first,
      previousPath: moved ? first : null,
      status,
      sha: status === "removed" ? before! : after!,
    });
  }
  return changes;
}

function parseNumbers(numbers: string): { additions: number; deletions: number }[] {
  const fields = numbers.split("\0").filter(Boolean);
  const counts: { additions: number; deletions: number }[] = [];
  while (fields.length > 0) {
    const [additions, deletions, path] = fields.shift()!.split("\t");
    // A rename has no path in its first field, but two more fields.
    if (!path) fields.splice(0, 2);
    // "-" stands for a binary file.
    counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  return counts;
}

function splitPatch(patch: string): string[] {
  return patch.split(/^(?=diff --git )/m).filter((part) => part.startsWith("diff --git "));
}

function hunks(patch: string | undefined): string | undefined {
  const start = patch?.search(/^@@/m) ?? -1;
  return start < 0 ? undefined : patch!.slice(start).replace(/\n$/, "");
}
