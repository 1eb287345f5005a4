import { GitHubError, refused } from "../errors.ts";
import { changedPaths } from "../git/compare.ts";
import { isAncestor, isValidRef, moveRef, readRef, zeroSha } from "../git/refs.ts";
import { listTree, objectType } from "../git/objects.ts";
import { git, gitDir } from "../git/run.ts";
import type { Repository } from "../model.ts";
import { needs } from "../needs.ts";
import { demand, may } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { refMoved } from "./push.ts";

/** A ref by its full name, before and after. `zeroSha` stands for "not there". */
export interface RefMove {
  ref: string;
  before: string;
  after: string;
}

/** Makes a branch or tag. */
export async function createRef(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { ref, sha }: { ref: string; sha: string },
): Promise<void> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  if (!/^refs\/(heads|tags)\/./.test(ref) || !(await isValidRef(dir, ref)))
    throw refused(`${ref} is not a valid ref name.`);
  if ((await objectType(dir, sha)) === undefined) throw refused("Object does not exist");
  if (await readRef(dir, ref)) throw refused("Reference already exists");
  await move(world, viewer, repository, { ref, before: zeroSha, after: sha });
}

/** Points a ref elsewhere; without `force` only forward. */
export async function updateRef(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { ref, sha, force = false }: { ref: string; sha: string; force?: boolean },
): Promise<void> {
  demand(viewer, repository, needs.writeContents);
  const dir = gitDir(world, repository);
  const before = await readRef(dir, ref);
  if (!before) throw refused("Reference does not exist");
  if ((await objectType(dir, sha)) === undefined) throw refused("Object does not exist");
  if (!force && !(await isAncestor(dir, before, sha))) throw refused("Update is not a fast forward");
  await move(world, viewer, repository, { ref, before, after: sha });
}

/** Deletes a branch or tag; the default branch can't be. */
export async function deleteRef(
  world: World,
  viewer: Viewer,
  repository: Repository,
  ref: string,
): Promise<void> {
  demand(viewer, repository, needs.writeContents);
  const before = await readRef(gitDir(world, repository), ref);
  if (!before) throw refused("Reference does not exist");
  if (ref === `refs/heads/${repository.defaultBranch}`) throw refused("Cannot delete the default branch");
  await move(world, viewer, repository, { ref, before, after: zeroSha });
}

/**
 * Moves a ref in git and lets everything follow from it; `first` is done right after git's part. The caller has checked
 * that the viewer may write contents.
 */
export async function move(
  world: World,
  viewer: Viewer,
  repository: Repository,
  moved: RefMove,
  first: () => void = () => {},
): Promise<void> {
  if (moved.before === moved.after) return;
  const touched = await workflowsTouched(world, viewer, repository, moved);
  if (touched.length > 0) throw new GitHubError(403, refusalOfWorkflow(touched[0]!));
  const dir = gitDir(world, repository);
  try {
    await moveRef(dir, moved.ref, moved);
  } catch {
    throw new GitHubError(409, "Reference cannot be updated");
  }
  first();
  await refMoved(world, viewer, repository, moved);
}

/** GitHub's words for a push that changes a workflow without the permission to. */
function refusalOfWorkflow(path: string): string {
  return `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`;
}

/**
 * The workflow files that an app without `workflows: write` would change by moving a ref; none for people. What stands
 * the same on the default branch is no change.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps#repository-permissions-for-workflows
 */
async function workflowsTouched(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { before, after }: RefMove,
): Promise<string[]> {
  if (viewer.kind !== "installation" || after === zeroSha || may(viewer, repository, needs.writeWorkflows))
    return [];
  const dir = gitDir(world, repository);
  const main = await readRef(dir, `refs/heads/${repository.defaultBranch}`);
  const from = before === zeroSha ? (main ?? (await emptyTree(dir))) : before;
  const paths = (await changedPaths(dir, from, after)).filter((path) =>
    path.startsWith(".github/workflows/"),
  );
  const touched: string[] = [];
  for (const path of paths) {
    if (!main || (await blobAt(dir, main, path)) !== (await blobAt(dir, after, path))) touched.push(path);
  }
  return touched;
}

async function blobAt(dir: string, commit: string, path: string): Promise<string | undefined> {
  return (await listTree(dir, commit, { path }))[0]?.sha;
}

function emptyTree(dir: string): Promise<string> {
  return git(dir, ["hash-object", "-w", "-t", "tree", "--stdin"]);
}
