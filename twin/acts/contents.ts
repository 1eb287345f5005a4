import { GitHubError, invalid, notFound } from "../errors.ts";
import { mergeTree } from "../git/merge.ts";
import { listTree, objectType, readCommit, writeBlob, writeCommit, writeTree } from "../git/objects.ts";
import type { TreeChange } from "../git/objects.ts";
import { isAncestor, readRef, resolveCommit, zeroSha } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import type { Commit, Repository, Signature } from "../model.ts";
import { needs } from "../needs.ts";
import { signatureOf } from "../payloads/commit.ts";
import { actor, demand } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { move } from "./refs.ts";

export interface FileWrite {
  path: string;
  /** null deletes the file. */
  content: Buffer | null;
  message: string;
  /** The default branch if it isn't named. */
  branch?: string | undefined;
  /** The blob that the writer saw; needed wherever the file exists. */
  sha?: string | undefined;
  author?: { name: string; email: string } | undefined;
  committer?: { name: string; email: string } | undefined;
}

/** Writes or deletes one file as one commit. @throws GitHubError 409 if the file isn't what the writer saw */
export async function writeFile(
  world: World,
  viewer: Viewer,
  repository: Repository,
  asked: FileWrite,
): Promise<{ commit: Commit; created: boolean }> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  const branch = asked.branch ?? repository.defaultBranch;
  const before = await readRef(dir, `refs/heads/${branch}`);
  if (!before && branch !== repository.defaultBranch)
    throw new GitHubError(404, `Branch ${branch} not found`);
  const existing = before ? (await listTree(dir, before, { path: asked.path }))[0] : undefined;
  if (existing && asked.sha === undefined)
    throw new GitHubError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (asked.sha !== undefined && existing?.sha !== asked.sha)
    throw new GitHubError(409, `${asked.path} does not match ${asked.sha}`);
  if (asked.content === null && !existing) throw notFound();
  const sha = asked.content === null ? null : await writeBlob(dir, asked.content);
  const change = { path: asked.path, mode: existing?.mode ?? "100644", sha };
  const tree = await writeTree(dir, before ?? null, [change]);
  const own = signatureOf(world, actor(viewer), world.now());
  const committer = { ...own, ...asked.committer };
  const after = await writeCommit(dir, {
    tree,
    parents: before ? [before] : [],
    message: asked.message,
    author: { ...committer, ...asked.author },
    committer,
  });
  await move(world, viewer, repository, { ref: `refs/heads/${branch}`, before: before ?? zeroSha, after });
  return { commit: (await readCommit(dir, after))!, created: !existing };
}

/** Writes a blob that no tree names yet. */
export function createBlob(
  world: World,
  viewer: Viewer,
  repository: Repository,
  content: Buffer,
): Promise<string> {
  demand(viewer, repository, needs.writeContents);
  return writeBlob(gitDir(world, repository), content);
}

/** Writes a tree: the changes over another tree, or over nothing. */
export async function createTree(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { base, entries }: { base: string | null; entries: readonly (TreeChange & { content?: string })[] },
): Promise<string> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  if (base !== null && (await objectType(dir, base)) === undefined) throw new GitHubError(404, "Not Found");
  const changes = await Promise.all(
    entries.map(async ({ content, ...entry }) =>
      content === undefined ? entry : { ...entry, sha: await writeBlob(dir, content) },
    ),
  );
  return writeTree(dir, base, changes);
}

/** Writes a commit that no ref names yet. */
export async function createCommit(
  world: World,
  viewer: Viewer,
  repository: Repository,
  asked: {
    message: string;
    tree: string;
    parents: readonly string[];
    author?: Signature;
    committer?: Signature;
  },
): Promise<Commit> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  if ((await objectType(dir, asked.tree)) !== "tree") throw new GitHubError(422, "Tree SHA does not exist");
  for (const parent of asked.parents) {
    if ((await objectType(dir, parent)) !== "commit")
      throw new GitHubError(422, "Parent SHA does not exist or is not a commit object");
  }
  const author = asked.author ?? signatureOf(world, actor(viewer), world.now());
  const sha = await writeCommit(dir, { ...asked, author, committer: asked.committer ?? author });
  return (await readCommit(dir, sha))!;
}

/** Merges one branch or commit into a branch: the merge commit, or undefined if there was nothing to merge. */
export async function mergeBranches(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { base, head, message }: { base: string; head: string; message?: string | undefined },
): Promise<Commit | undefined> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  const before = await readRef(dir, `refs/heads/${base}`);
  if (!before) throw new GitHubError(404, "Base does not exist");
  const other = await resolveCommit(dir, head);
  if (!other) throw new GitHubError(404, "Head does not exist");
  if (await isAncestor(dir, other, before)) return undefined;
  const tree = await mergeTree(dir, before, other);
  if (!tree) throw new GitHubError(409, "Merge conflict");
  const by = signatureOf(world, actor(viewer), world.now());
  const after = await writeCommit(dir, {
    tree,
    parents: [before, other],
    message: message ?? `Merge ${head} into ${base}`,
    author: by,
    committer: by,
  });
  await move(world, viewer, repository, { ref: `refs/heads/${base}`, before, after });
  return readCommit(dir, after);
}

/** A path as GitHub takes it. @throws GitHubError 422 for what leaves the repository or is git's own */
export function checkPath(path: string): string {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.toLowerCase() === ".git"))
    throw invalid({ resource: "Commit", field: "path", code: "invalid" });
  return path;
}
