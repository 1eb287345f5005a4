import { never } from "../errors.ts";
import { commentsSeen } from "../lookup.ts";
import type { Issue, TimelineEvent } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { accountOf, fullName, pullOfIssue, repositoryOf } from "../store.ts";
import { childrenOf } from "../table.ts";
import type { World } from "../world.ts";
import { simpleUser } from "./account.ts";
import { viaAppPayload } from "./app.ts";
import { iso } from "./common.ts";
import { commentPayload, issuePayload } from "./issue.ts";
import { reviewPayload } from "./review.ts";

/** All that happened to an issue or pull request, oldest first: events, comments and submitted reviews. */
export function timelinePayload(world: World, issue: Issue): unknown[] {
  const { state } = world;
  const pull = pullOfIssue(state, issue);
  const reviews = pull
    ? childrenOf(state.reviews, pull.id).filter((review) => review.submittedAt !== null)
    : [];
  const dated = [
    ...childrenOf(state.timeline, issue.id).map((event) => ({
      at: event.at,
      id: event.id,
      shown: () => shown(world, issue, event),
    })),
    ...commentsSeen(world, issue.id).map((comment) => ({
      at: comment.createdAt,
      id: comment.id,
      shown: () => {
        const payload = commentPayload(world, comment);
        return { event: "commented", ...payload, actor: payload.user };
      },
    })),
    ...reviews.map((review) => ({
      at: review.submittedAt!,
      id: review.id,
      shown: () => ({
        event: "reviewed",
        ...reviewPayload(world, review),
        state: review.state.toLowerCase(),
      }),
    })),
  ];
  return dated.sort((one, other) => one.at - other.at || one.id - other.id).map((one) => one.shown());
}

function shown(world: World, issue: Issue, event: TimelineEvent) {
  const repository = repositoryOf(world.state, issue);
  const common = {
    id: event.id,
    node_id: nodeId("TimelineEvent", event.id),
    url: `${world.urls.api}/repos/${fullName(world.state, repository)}/issues/events/${event.id}`,
    actor: simpleUser(world, accountOf(world.state, event.actorId)),
    event: event.event,
    commit_id: null,
    commit_url: null,
    created_at: iso(event.at),
    performed_via_github_app: viaAppPayload(world, event.appId),
  };
  return { ...common, ...particulars(world, event) };
}

function particulars(world: World, event: TimelineEvent): Record<string, unknown> {
  const person = (id: number) => simpleUser(world, accountOf(world.state, id));
  switch (event.event) {
    case "labeled":
    case "unlabeled":
      return { label: { name: event.label.name, color: event.label.color } };
    case "assigned":
    case "unassigned":
      return { assignee: person(event.assigneeId) };
    case "closed":
      return { state_reason: event.stateReason };
    case "renamed":
      return { rename: { from: event.from, to: event.to } };
    case "merged":
      return { commit_id: event.commitSha };
    case "review_requested":
    case "review_request_removed":
      return { review_requester: person(event.actorId), requested_reviewer: person(event.reviewerId) };
    case "cross-referenced": {
      const source = issuePayload(world, world.state.issues.rows.get(event.sourceIssueId)!);
      return { source: { type: "issue", issue: source }, updated_at: iso(event.at) };
    }
    case "review_dismissed": {
      const { reviewId: review_id, dismissedState, message: dismissal_message } = event;
      return { dismissed_review: { state: dismissedState.toLowerCase(), review_id, dismissal_message } };
    }
    case "locked":
      return { lock_reason: null };
    case "base_ref_changed":
    case "comment_deleted":
    case "convert_to_draft":
    case "head_ref_deleted":
    case "head_ref_force_pushed":
    case "ready_for_review":
    case "reopened":
    case "unlocked":
      return {};
    default:
      return never(event);
  }
}
