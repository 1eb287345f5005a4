import { invalid } from "../errors.ts";
import { sizeOf } from "../git/compare.ts";
import { followLine } from "../git/lines.ts";
import { isAncestor, readRef, zeroSha } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import { openPullsFrom } from "../lookup.ts";
import type { Pull, Repository } from "../model.ts";
import { issueOfPull, reviewCommentsOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { actor } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { issuesClosedBy } from "./closing.ts";
import { shut } from "./issues.ts";
import { record, tellOfPull } from "./record.ts";

/** The head branch of open pull requests got commits: they are synchronized, and their threads move or go out of date. */
export async function headMoved(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { branch, before, after }: { branch: string; before: string; after: string },
): Promise<void> {
  const dir = gitDir(world, repository);
  for (const pull of openPullsFrom(world.state, repository.id, { ref: branch })) {
    const issue = issueOfPull(world.state, pull);
    if (before !== zeroSha && !(await isAncestor(dir, before, after)))
      record(world, viewer, issue, { event: "head_ref_force_pushed", before, after });
    await placeThreads(world, repository, pull, { from: pull.headSha, to: after });
    pull.headSha = after;
    pull.baseSha = (await readRef(dir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha;
    pull.size = await sizeOf(dir, pull.baseSha, after);
    issue.updatedAt = world.now();
    tellOfPull(world, viewer, pull, { action: "synchronize", before, after });
  }
}

/** The head branch was deleted: open pull requests close, and all of its pull requests say so. */
export function headGone(world: World, viewer: Viewer, repository: Repository, branch: string): void {
  for (const pull of childrenOf(world.state.pulls, repository.id)) {
    if (pull.headRef !== branch || pull.headDeleted) continue;
    const issue = issueOfPull(world.state, pull);
    shut(world, viewer, issue, { reason: null, byPullId: null });
    pull.headDeleted = true;
    record(world, viewer, issue, { event: "head_ref_deleted" });
  }
}

/**
 * The base branch was deleted: open pull requests close; if it was the head of a merged one, they go into that one's base.
 * https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/about-branches#working-with-branches
 */
export async function baseGone(
  world: World,
  viewer: Viewer,
  repository: Repository,
  branch: string,
): Promise<void> {
  const pulls = childrenOf(world.state.pulls, repository.id);
  const next = pulls.findLast((pull) => pull.headRef === branch && pull.merged)?.baseRef;
  for (const pull of pulls) {
    const issue = issueOfPull(world.state, pull);
    if (pull.baseRef !== branch || issue.state === "closed") continue;
    if (next === undefined || !(await readRef(gitDir(world, repository), `refs/heads/${next}`)))
      shut(world, viewer, issue, { reason: null, byPullId: null });
    else await retarget(world, viewer, pull, next);
  }
}

/** Lets a pull request be merged into another branch, which must be there. */
export async function retarget(world: World, viewer: Viewer, pull: Pull, base: string): Promise<void> {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const dir = gitDir(world, repository);
  const baseSha = await readRef(dir, `refs/heads/${base}`);
  if (!baseSha) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
  const issue = issueOfPull(world.state, pull);
  record(world, viewer, issue, { event: "base_ref_changed", from: pull.baseRef, to: base });
  pull.baseRef = base;
  pull.baseSha = baseSha;
  pull.size = await sizeOf(dir, baseSha, pull.headSha);
  tellOfPull(world, viewer, pull, { action: "edited", changes });
}

/** Open pull requests whose head came into their base by a push are merged. */
export async function mergedByPush(
  world: World,
  viewer: Viewer,
  repository: Repository,
  { branch, after }: { branch: string; after: string },
): Promise<void> {
  const dir = gitDir(world, repository);
  for (const pull of childrenOf(world.state.pulls, repository.id)) {
    if (pull.baseRef !== branch || issueOfPull(world.state, pull).state === "closed") continue;
    if (await isAncestor(dir, pull.headSha, after)) markMerged(world, viewer, pull, after);
  }
}

/** A pull request is merged: it closes, and so do the issues that it names if the base is the default branch. */
export function markMerged(world: World, viewer: Viewer, pull: Pull, commitSha: string): void {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const issue = issueOfPull(world.state, pull);
  pull.merged = { at: world.now(), byId: actor(viewer).id, commitSha };
  record(world, viewer, issue, { event: "merged", commitSha, baseRef: pull.baseRef });
  shut(world, viewer, issue, { reason: null, byPullId: null });
  if (pull.baseRef !== repository.defaultBranch) return;
  for (const closed of issuesClosedBy(world, repository, issue.body))
    shut(world, viewer, closed, { reason: "completed", byPullId: pull.id });
}

async function placeThreads(
  world: World,
  repository: Repository,
  pull: Pull,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const dir = gitDir(world, repository);
  for (const thread of childrenOf(world.state.threads, pull.id)) {
    if (thread.line === null || thread.side === "LEFT") continue;
    const follow = (line: number) => followLine(dir, { from, to, path: thread.path, line });
    thread.line = await follow(thread.line);
    thread.startLine =
      thread.startLine === null || thread.line === null ? null : await follow(thread.startLine);
  }
  for (const comment of reviewCommentsOf(world.state, pull.id)) {
    if (world.state.threads.rows.get(comment.threadId)!.line !== null) comment.commitSha = to;
  }
}
