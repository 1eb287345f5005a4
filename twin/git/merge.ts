import type { Signature } from "../model.ts";
import { listCommits, writeCommit } from "./objects.ts";
import { git, GitFailure } from "./run.ts";

/** The tree that merging gives, or undefined when it conflicts. Needs no work tree (git 2.38). */
export async function mergeTree(
  dir: string,
  ours: string,
  theirs: string,
  { base }: { base?: string } = {},
): Promise<string | undefined> {
  if (base) return mergeTreeFrom(dir, { base, ours, theirs });
  try {
    const output = await git(dir, ["merge-tree", "--write-tree", "--no-messages", ours, theirs]);
    return output.split("\n")[0];
  } catch (error) {
    // 1: conflicts; others: unrelated histories, which GitHub can't merge either.
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

/** `git merge-tree --merge-base` needs git 2.40: two made-up commits on the wanted base do the same. */
async function mergeTreeFrom(
  dir: string,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
): Promise<string | undefined> {
  const by: Signature = { name: "twin", email: "twin@localhost", at: 0 };
  const onBase = (commit: string) =>
    writeCommit(dir, {
      tree: `${commit}^{tree}`,
      parents: [base],
      message: "side",
      author: by,
      committer: by,
    });
  return mergeTree(dir, await onBase(ours), await onBase(theirs));
}

/** Replays the commits of `base..head` on `onto`, keeping authors; gives the new tip, or undefined on a conflict. */
export async function rebase(
  dir: string,
  { base, head, onto, committer }: { base: string; head: string; onto: string; committer: Signature },
): Promise<string | undefined> {
  let tip = onto;
  for (const commit of await listCommits(dir, `${base}..${head}`, ["--reverse", "--no-merges"])) {
    const tree = await mergeTree(dir, tip, commit.sha, { base: commit.parents[0]! });
    if (!tree) return undefined;
    const { message, author } = commit;
    tip = await writeCommit(dir, { tree, parents: [tip], message, author, committer });
  }
  return tip;
}
