import { labelsOf } from "../lookup.ts";
import type { Issue, Pull } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, fullName, issueOfPull, reviewCommentsOf } from "../store.ts";
import { association } from "../viewer.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { iso, isoOrNull } from "./common.ts";
import { issueUrl, labelPayload } from "./issue.ts";
import { mergeSettings, repositoryPayload } from "./repository.ts";

/** Whether a pull request merges cleanly; GitHub works it out later, so webhooks mostly don't tell. */
export interface Mergeability {
  mergeable: boolean | null;
  rebaseable: boolean | null;
  mergeable_state: "clean" | "dirty" | "unknown" | "blocked" | "behind" | "unstable" | "draft";
}

export const unknownMergeability: Mergeability = {
  mergeable: null,
  rebaseable: null,
  mergeable_state: "unknown",
};

/** A pull request as in lists and in the webhooks of reviews. */
export function pullSimple(world: World, pull: Pull) {
  const { state } = world;
  const issue = issueOfPull(state, pull);
  const repository = state.repositories.rows.get(pull.repositoryId)!;
  const author = accountOf(state, issue.authorId);
  const assignees = issue.assigneeIds.map((id) => simpleUser(world, accountOf(state, id)));
  const page = issueUrl(world, issue);
  return {
    url: pullUrl(world, pull),
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${world.urls.api}/repos/${fullName(state, repository)}/issues/${pull.number}`,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: simpleUser(world, author),
    body: issue.body === "" ? null : issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.merged?.at ?? null),
    merge_commit_sha: pull.merged?.commitSha ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) => simpleUser(world, accountOf(state, id))),
    requested_teams: [],
    labels: labelsOf(state, issue).map((label) => labelPayload(world, label)),
    milestone: null,
    draft: pull.draft,
    ...addresses(world, pull),
    head: side(world, pull, "head"),
    base: side(world, pull, "base"),
    _links: links(world, pull, issue),
    author_association: association(state, repository, author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request, whole. */
export function pullPayload(world: World, pull: Pull, mergeability: Mergeability = unknownMergeability) {
  const { state } = world;
  const mergedBy = pull.merged && accountOf(state, pull.merged.byId);
  return {
    ...pullSimple(world, pull),
    merged: pull.merged !== null,
    ...mergeability,
    merged_by: mergedBy && simpleUser(world, mergedBy),
    comments: state.comments.children.get(pull.issueId)?.size ?? 0,
    review_comments: reviewCommentsOf(state, pull.id).length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: pull.size.commits,
    additions: pull.size.additions,
    deletions: pull.size.deletions,
    changed_files: pull.size.changedFiles,
  };
}

/** A pull request as check suites and runs name it. */
export function pullMinimal(world: World, pull: Pull) {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const repo = {
    id: repository.id,
    url: `${world.urls.api}/repos/${fullName(world.state, repository)}`,
    name: repository.name,
  };
  return {
    url: pullUrl(world, pull),
    id: pull.id,
    number: pull.number,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  };
}

/** Where the API has a pull request. */
export function pullUrl(world: World, pull: Pull): string {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  return `${world.urls.api}/repos/${fullName(world.state, repository)}/pulls/${pull.number}`;
}

function addresses(world: World, pull: Pull) {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const repositoryUrl = `${world.urls.api}/repos/${fullName(world.state, repository)}`;
  const url = pullUrl(world, pull);
  return {
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl}/pulls/comments{/number}`,
    comments_url: `${repositoryUrl}/issues/${pull.number}/comments`,
    statuses_url: `${repositoryUrl}/statuses/${pull.headSha}`,
  };
}

function links(world: World, pull: Pull, issue: Issue) {
  const to = addresses(world, pull);
  return {
    self: { href: pullUrl(world, pull) },
    html: { href: issueUrl(world, issue) },
    issue: { href: to.comments_url.replace(/\/comments$/, "") },
    comments: { href: to.comments_url },
    review_comments: { href: to.review_comments_url },
    review_comment: { href: to.review_comment_url },
    commits: { href: to.commits_url },
    statuses: { href: to.statuses_url },
  };
}

function side(world: World, pull: Pull, which: "head" | "base") {
  const repository = world.state.repositories.rows.get(pull.repositoryId)!;
  const owner = accountOf(world.state, repository.ownerId);
  const ref = which === "head" ? pull.headRef : pull.baseRef;
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha: which === "head" ? pull.headSha : pull.baseSha,
    user: simpleUser(world, owner),
    repo: { ...repositoryPayload(world, repository), ...mergeSettings(repository) },
  };
}
