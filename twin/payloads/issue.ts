import { labelsOf, reactionCounts } from "../lookup.ts";
import type { Comment, Issue, Label, Reaction } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, fullName, pullOfIssue } from "../store.ts";
import { association } from "../viewer.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { viaAppPayload } from "./app.ts";
import { iso, isoOrNull } from "./common.ts";

/** A label of a repository. */
export function labelPayload(world: World, label: Label) {
  const repository = world.state.repositories.rows.get(label.repositoryId)!;
  const name = encodeURIComponent(label.name);
  return {
    id: label.id,
    node_id: nodeId("Label", label.id),
    url: `${world.urls.api}/repos/${fullName(world.state, repository)}/labels/${name}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

/** How often each reaction was given to what `url` names. */
export function reactionSummary(world: World, subjectId: number, url: string) {
  const counts = reactionCounts(world.state, subjectId);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { url: `${url}/reactions`, total_count: total, ...counts };
}

/** An issue, or the issue side of a pull request. */
export function issuePayload(world: World, issue: Issue) {
  const { state } = world;
  const repository = state.repositories.rows.get(issue.repositoryId)!;
  const repositoryUrl = `${world.urls.api}/repos/${fullName(state, repository)}`;
  const url = `${repositoryUrl}/issues/${issue.number}`;
  const author = accountOf(state, issue.authorId);
  const assignees = issue.assigneeIds.map((id) => simpleUser(world, accountOf(state, id)));
  return {
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueUrl(world, issue),
    id: issue.id,
    node_id: nodeId(
      issue.isPull ? "PullRequest" : "Issue",
      issue.isPull ? pullOfIssue(state, issue)!.id : issue.id,
    ),
    number: issue.number,
    title: issue.title,
    user: simpleUser(world, author),
    labels: labelsOf(state, issue).map((label) => labelPayload(world, label)),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: state.comments.children.get(issue.id)?.size ?? 0,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: association(state, repository, author),
    active_lock_reason: null,
    ...(issue.isPull ? pullPart(world, issue) : {}),
    body: issue.body === "" ? null : issue.body,
    reactions: reactionSummary(world, issue.id, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: viaAppPayload(world, issue.appId),
    state_reason: issue.stateReason,
  };
}

/** An issue on a page of its own, with who closed it. */
export function issuePage(world: World, issue: Issue) {
  const closer = issue.closedById === null ? null : accountOf(world.state, issue.closedById);
  return { ...issuePayload(world, issue), closed_by: closer && simpleUser(world, closer) };
}

/** Where a person sees an issue or pull request. */
export function issueUrl(world: World, issue: Issue): string {
  const repository = world.state.repositories.rows.get(issue.repositoryId)!;
  const kind = issue.isPull ? "pull" : "issues";
  return `${world.urls.web}/${fullName(world.state, repository)}/${kind}/${issue.number}`;
}

function pullPart(world: World, issue: Issue) {
  const pull = pullOfIssue(world.state, issue)!;
  const repository = world.state.repositories.rows.get(issue.repositoryId)!;
  const page = issueUrl(world, issue);
  return {
    draft: pull.draft,
    pull_request: {
      url: `${world.urls.api}/repos/${fullName(world.state, repository)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: isoOrNull(pull.merged?.at ?? null),
    },
  };
}

/** A comment on an issue or pull request. */
export function commentPayload(world: World, comment: Comment) {
  const issue = world.state.issues.rows.get(comment.issueId)!;
  const repository = world.state.repositories.rows.get(issue.repositoryId)!;
  const author = accountOf(world.state, comment.authorId);
  const repositoryUrl = `${world.urls.api}/repos/${fullName(world.state, repository)}`;
  const url = `${repositoryUrl}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueUrl(world, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    user: simpleUser(world, author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: association(world.state, repository, author),
    body: comment.body,
    reactions: reactionSummary(world, comment.id, url),
    performed_via_github_app: viaAppPayload(world, comment.appId),
  };
}

/** One person's reaction. */
export function reactionPayload(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId("Reaction", reaction.id),
    user: simpleUser(world, accountOf(world.state, reaction.accountId)),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}
