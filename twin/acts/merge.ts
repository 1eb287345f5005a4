import { GitHubError } from "../errors.ts";
import { mergeTree, rebase } from "../git/merge.ts";
import { listCommits, readCommit, writeCommit } from "../git/objects.ts";
import { readRef } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import type { MergeMethod, Pull, Repository, Signature } from "../model.ts";
import { needs } from "../needs.ts";
import { signatureOf } from "../payloads/commit.ts";
import { accountOf, issueOfPull, latestRuns, repositoryOf, statusesOf, suitesOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import { actor, atLeast, demand, levelOf } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { markMerged } from "./pullHeads.ts";
import { deleteRef, move } from "./refs.ts";

export interface MergeRequest {
  method: MergeMethod;
  /** The head that the merger saw. */
  sha?: string | undefined;
  title?: string | undefined;
  message?: string | undefined;
}

/**
 * Merges a pull request and returns the new tip of the base.
 *
 * @throws GitHubError 405 if it can't or may not be merged, 409 if the head moved
 */
export async function mergePull(
  world: World,
  viewer: Viewer,
  pull: Pull,
  asked: MergeRequest,
): Promise<string> {
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, needs.merge);
  checkMergeable(world, repository, pull, asked);
  const dir = gitDir(world, repository);
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (!base) throw unmergeable();
  const after = await commitOf(world, viewer, pull, { ...asked, base });
  if (!after) throw unmergeable();
  // GitHub tells of the push to the base, then of the pull request; here it is merged before the push tells that.
  const ref = `refs/heads/${pull.baseRef}`;
  await move(world, viewer, repository, { ref, before: base, after }, () =>
    markMerged(world, viewer, pull, after),
  ).catch((error: unknown) => {
    // Somebody was quicker.
    if (!(error instanceof GitHubError && error.status === 409)) throw error;
    throw new GitHubError(405, "Base branch was modified. Review and try the merge again.");
  });
  if (repository.deleteBranchOnMerge)
    await deleteRef(world, viewer, repository, `refs/heads/${pull.headRef}`);
  return after;
}

/** Which of the base's protections a pull request doesn't meet yet, in GitHub's words; undefined if all are met. */
export function protectionBroken(world: World, repository: Repository, pull: Pull): string | undefined {
  const rule = repository.protections.find((protection) => protection.branch === pull.baseRef);
  if (!rule) return undefined;
  const passed = passedChecks(world, repository, pull.headSha);
  const missing = rule.requiredChecks.find((name) => passed.get(name) !== true);
  if (missing)
    return `Required status check "${missing}" is ${passed.has(missing) ? "failing" : "expected"}.`;
  if (approvals(world, repository, pull) < rule.requiredApprovals)
    return `At least ${rule.requiredApprovals} approving review is required by reviewers with write access.`;
  return undefined;
}

function checkMergeable(world: World, repository: Repository, pull: Pull, asked: MergeRequest): void {
  const { method, sha } = asked;
  if (pull.merged || issueOfPull(world.state, pull).state === "closed" || pull.headDeleted)
    throw unmergeable();
  if (pull.draft) throw new GitHubError(405, "Pull Request is still a draft");
  if (sha !== undefined && sha !== pull.headSha)
    throw new GitHubError(409, "Head branch was modified. Review and try the merge again.");
  if (!repository.mergeMethods[method]) throw new GitHubError(405, notAllowed[method]);
  const broken = protectionBroken(world, repository, pull);
  if (broken) throw new GitHubError(405, broken);
}

const notAllowed: Record<MergeMethod, string> = {
  merge: "Merge commits are not allowed on this repository.",
  squash: "Squash merges are not allowed on this repository.",
  rebase: "Rebase merges are not allowed on this repository.",
};

function unmergeable(): GitHubError {
  return new GitHubError(405, "Pull Request is not mergeable");
}

async function commitOf(
  world: World,
  viewer: Viewer,
  pull: Pull,
  asked: MergeRequest & { base: string },
): Promise<string | undefined> {
  const dir = gitDir(world, repositoryOf(world.state, pull));
  const { base, method } = asked;
  const merger = signatureOf(world, actor(viewer), world.now());
  if (method === "rebase") return rebase(dir, { base, head: pull.headSha, onto: base, committer: merger });
  const tree = await mergeTree(dir, base, pull.headSha);
  if (!tree) return undefined;
  const parents = method === "merge" ? [base, pull.headSha] : [base];
  const message = await messageOf(world, pull, asked);
  // A squash is its pull request's author's; GitHub itself commits what it merges.
  const opener = accountOf(world.state, issueOfPull(world.state, pull).authorId);
  const author = method === "squash" ? signatureOf(world, opener, world.now()) : merger;
  return writeCommit(dir, { tree, parents, message, author, committer: webFlow(world) });
}

/** Who commits what is done on GitHub's pages and by its API: https://github.com/web-flow */
function webFlow(world: World): Signature {
  return { name: "GitHub", email: `noreply@${new URL(world.urls.web).hostname}`, at: world.now() };
}

async function messageOf(world: World, pull: Pull, asked: MergeRequest & { base: string }): Promise<string> {
  const repository = repositoryOf(world.state, pull);
  const issue = issueOfPull(world.state, pull);
  const dir = gitDir(world, repository);
  const owner = accountOf(world.state, repository.ownerId).login;
  if (asked.method === "merge") {
    const title = asked.title ?? `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
    return join(title, asked.message ?? issue.title);
  }
  const commits = await listCommits(dir, `${asked.base}..${pull.headSha}`, ["--reverse"]);
  const single = commits.length === 1 ? await readCommit(dir, pull.headSha) : undefined;
  const [subject, ...rest] = (single?.message ?? issue.title).split("\n");
  const body = single ? rest.join("\n").trim() : commits.map((commit) => `* ${commit.message}`).join("\n\n");
  return join(asked.title ?? `${subject} (#${pull.number})`, asked.message ?? body);
}

function join(title: string, body: string): string {
  return body === "" ? title : `${title}\n\n${body}`;
}

function passedChecks(world: World, repository: Repository, sha: string): Map<string, boolean> {
  const fine = new Set(["success", "neutral", "skipped"]);
  const runs = suitesOf(world.state, repository.id, sha).flatMap((suite) =>
    latestRuns(childrenOf(world.state.checkRuns, suite.id)),
  );
  return new Map([
    ...runs.map((run) => [run.name, fine.has(run.conclusion ?? "")] as const),
    ...statusesOf(world.state, repository.id, sha).map(
      (status) => [status.context, status.state === "success"] as const,
    ),
  ]);
}

/** The newest word of each reviewer with write counts; a comment takes nothing back. */
function approvals(world: World, repository: Repository, pull: Pull): number {
  const words = new Map<number, boolean>();
  for (const review of childrenOf(world.state.reviews, pull.id)) {
    if (review.state === "COMMENTED" || review.state === "PENDING") continue;
    const able = atLeast(levelOf(repository, accountOf(world.state, review.authorId)), "write");
    if (able) words.set(review.authorId, review.state === "APPROVED");
  }
  return [...words.values()].filter(Boolean).length;
}
