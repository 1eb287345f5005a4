import { GitHubError, invalid, refused } from "../errors.ts";
import { sizeOf } from "../git/compare.ts";
import { mergeTree } from "../git/merge.ts";
import { writeCommit } from "../git/objects.ts";
import { isAncestor, readRef } from "../git/refs.ts";
import { gitDir } from "../git/run.ts";
import { openPullsFrom } from "../lookup.ts";
import type { Account, Pull, Repository } from "../model.ts";
import { needs } from "../needs.ts";
import { simpleUser } from "../payloads/account.ts";
import { signatureOf } from "../payloads/commit.ts";
import { accountByLogin, accountOf, issueOfPull, newId, repositoryOf } from "../store.ts";
import { insert } from "../table.ts";
import { actor, demand, levelOf } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { insertIssue, refer } from "./issues.ts";
import { record, tellOfPull } from "./record.ts";
import { retarget } from "./pullHeads.ts";
import { move } from "./refs.ts";

export interface NewPull {
  title: string;
  body?: string | undefined;
  /** A branch, or `owner:branch`. */
  head: string;
  base: string;
  draft?: boolean | undefined;
  maintainerCanModify?: boolean | undefined;
}

/** Opens a pull request between two branches of a repository. */
export async function createPull(
  world: World,
  viewer: Viewer,
  repository: Repository,
  asked: NewPull,
): Promise<Pull> {
  demand(viewer, repository, needs.openPull);
  if (asked.title.trim() === "")
    throw invalid({ resource: "PullRequest", field: "title", code: "missing_field" });
  if (asked.draft && !repository.drafts)
    throw refused("Draft pull requests are not supported in this repository.");
  const { headRef, headSha, baseSha } = await ends(world, repository, asked);
  const size = await sizeOf(gitDir(world, repository), baseSha, headSha);
  const issue = insertIssue(world, viewer, repository, {
    title: asked.title,
    body: asked.body ?? "",
    isPull: true,
  });
  const pull = insert(world.state.pulls, {
    id: newId(world.state),
    issueId: issue.id,
    repositoryId: repository.id,
    number: issue.number,
    headRef,
    headSha,
    headDeleted: false,
    baseRef: asked.base,
    baseSha,
    draft: asked.draft ?? false,
    maintainerCanModify: asked.maintainerCanModify ?? false,
    requestedReviewerIds: [],
    merged: null,
    size,
  });
  refer(world, viewer, issue, issue.body);
  tellOfPull(world, viewer, pull, { action: "opened" });
  return pull;
}

/** Lets a pull request be merged into another branch. */
export async function changeBase(world: World, viewer: Viewer, pull: Pull, base: string): Promise<void> {
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, { ...needs.editPull, person: "write" });
  if (base === pull.baseRef) return;
  const issue = issueOfPull(world.state, pull);
  if (issue.state === "closed") throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  await retarget(world, viewer, pull, base);
}

/** Makes a draft ready for review, or the reverse. */
export function setDraft(world: World, viewer: Viewer, pull: Pull, draft: boolean): void {
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, needs.markReady);
  const issue = issueOfPull(world.state, pull);
  if (issue.state === "closed") throw refused("Pull request is closed");
  if (draft && !repository.drafts) throw refused("Draft pull requests are not supported in this repository.");
  if (pull.draft === draft) return;
  pull.draft = draft;
  record(world, viewer, issue, { event: draft ? "convert_to_draft" : "ready_for_review" });
  tellOfPull(world, viewer, pull, { action: draft ? "converted_to_draft" : "ready_for_review" });
}

/** Asks people for a review. They must be able to read, and can't be the author. */
export function requestReviewers(world: World, viewer: Viewer, pull: Pull, logins: readonly string[]): void {
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, needs.requestReview);
  const issue = issueOfPull(world.state, pull);
  const reviewers = logins.map((login) => reviewer(world, repository, login));
  if (reviewers.some((account) => account.id === issue.authorId))
    throw refused("Review cannot be requested from pull request author.");
  for (const account of reviewers) {
    if (pull.requestedReviewerIds.includes(account.id)) continue;
    pull.requestedReviewerIds.push(account.id);
    record(world, viewer, issue, { event: "review_requested", reviewerId: account.id });
    const requested_reviewer = simpleUser(world, account);
    tellOfPull(world, viewer, pull, { action: "review_requested", requested_reviewer });
  }
}

/** Takes requests for a review back. */
export function removeReviewRequests(
  world: World,
  viewer: Viewer,
  pull: Pull,
  logins: readonly string[],
): void {
  demand(viewer, repositoryOf(world.state, pull), needs.requestReview);
  const issue = issueOfPull(world.state, pull);
  for (const login of logins) {
    const account = accountByLogin(world.state, login);
    if (!account || !pull.requestedReviewerIds.includes(account.id)) continue;
    pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== account.id);
    record(world, viewer, issue, { event: "review_request_removed", reviewerId: account.id });
    const requested_reviewer = simpleUser(world, account);
    tellOfPull(world, viewer, pull, { action: "review_request_removed", requested_reviewer });
  }
}

/** Merges the base into the head. @throws GitHubError 422 on a conflict, or if the head isn't the expected one */
export async function updateBranch(
  world: World,
  viewer: Viewer,
  pull: Pull,
  expectedHead: string | undefined,
): Promise<void> {
  const repository = repositoryOf(world.state, pull);
  demand(viewer, repository, needs.updateBranch);
  const dir = gitDir(world, repository);
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (expectedHead !== undefined && expectedHead !== pull.headSha)
    throw refused("expected head sha didn’t match current head ref.");
  if (!base || pull.headDeleted) throw refused("The branch is gone.");
  if (await isAncestor(dir, base, pull.headSha))
    throw refused("There are no new commits on the base branch.");
  const tree = await mergeTree(dir, pull.headSha, base);
  if (!tree) throw refused("merge conflict between base and head");
  const by = signatureOf(world, actor(viewer), world.now());
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}`;
  const parents = [pull.headSha, base];
  const after = await writeCommit(dir, { tree, parents, message, author: by, committer: by });
  await move(world, viewer, repository, { ref: `refs/heads/${pull.headRef}`, before: pull.headSha, after });
}

async function ends(world: World, repository: Repository, asked: NewPull) {
  const dir = gitDir(world, repository);
  const owner = accountOf(world.state, repository.ownerId).login;
  const headRef = asked.head.startsWith(`${owner}:`) ? asked.head.slice(owner.length + 1) : asked.head;
  const baseSha = await readRef(dir, `refs/heads/${asked.base}`);
  if (!baseSha) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  const headSha = await readRef(dir, `refs/heads/${headRef}`);
  if (!headSha) throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  const custom = (message: string) => invalid({ resource: "PullRequest", code: "custom", message });
  if (await isAncestor(dir, headSha, baseSha))
    throw custom(`No commits between ${asked.base} and ${headRef}`);
  const same = openPullsFrom(world.state, repository.id, { ref: headRef });
  if (same.some((pull) => pull.baseRef === asked.base))
    throw custom(`A pull request already exists for ${owner}:${headRef}.`);
  return { headRef, headSha, baseSha };
}

function reviewer(world: World, repository: Repository, login: string): Account {
  const account = accountByLogin(world.state, login);
  if (!account || account.type !== "User" || levelOf(repository, account) === "none")
    throw new GitHubError(
      422,
      "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the " +
        `${accountOf(world.state, repository.ownerId).login}/${repository.name} repository.`,
    );
  return account;
}
