import type * as github from "@octokit/graphql-schema";
import type { Pull, TimelineEvent } from "../../model.ts";
import { pullOfIssue } from "../../store.ts";
import { actorById } from "../accounts.ts";
import type { Ask, Fields, GitObject, RefSource } from "../ask.ts";
import { everyEvent, linked } from "../events.ts";
import type { Event } from "../events.ts";
import { existingRef } from "../refs.ts";

const everyPullEvent = {
  ...everyEvent,
  pullRequest: (event, _args, ask) => pullOf(event, ask),
} satisfies Fields<github.MergedEvent, TimelineEvent>;

export const MergedEvent: Fields<github.MergedEvent, Event<"merged">> = {
  ...everyPullEvent,
  ...linked,
  commit: (event, _args, ask) => commitOf(event, event.commitSha, ask),
  mergeRefName: (event) => event.baseRef,
  mergeRef: (event, _args, ask) => branch(event, event.baseRef, ask),
};

export const ReadyForReviewEvent: Fields<github.ReadyForReviewEvent, Event<"ready_for_review">> = {
  ...everyPullEvent,
  ...linked,
};

export const ConvertToDraftEvent: Fields<github.ConvertToDraftEvent, Event<"convert_to_draft">> = {
  ...everyPullEvent,
  ...linked,
};

export const HeadRefDeletedEvent: Fields<github.HeadRefDeletedEvent, Event<"head_ref_deleted">> = {
  ...everyPullEvent,
  headRefName: (event, _args, ask) => pullOf(event, ask).headRef,
  headRef: (event, _args, ask) => branch(event, pullOf(event, ask).headRef, ask),
};

export const HeadRefForcePushedEvent: Fields<
  github.HeadRefForcePushedEvent,
  Event<"head_ref_force_pushed">
> = {
  ...everyPullEvent,
  beforeCommit: (event, _args, ask) => commitOf(event, event.before, ask),
  afterCommit: (event, _args, ask) => commitOf(event, event.after, ask),
  ref: (event, _args, ask) => branch(event, pullOf(event, ask).headRef, ask),
};

export const BaseRefChangedEvent: Fields<github.BaseRefChangedEvent, Event<"base_ref_changed">> = {
  ...everyPullEvent,
  databaseId: (event) => event.id,
  previousRefName: (event) => event.from,
  currentRefName: (event) => event.to,
};

const reviewRequest: Fields<
  github.ReviewRequestedEvent,
  Event<"review_requested" | "review_request_removed">
> = {
  ...everyPullEvent,
  requestedReviewer: (event, _args, { state }) => actorById(state, event.reviewerId),
};
export const ReviewRequestedEvent = reviewRequest;
export const ReviewRequestRemovedEvent: Fields<
  github.ReviewRequestRemovedEvent,
  Event<"review_requested" | "review_request_removed">
> = reviewRequest;

export const ReviewDismissedEvent: Fields<github.ReviewDismissedEvent, Event<"review_dismissed">> = {
  ...everyPullEvent,
  ...linked,
  databaseId: (event) => event.id,
  dismissalMessage: (event) => event.message,
  previousReviewState: (event) => event.dismissedState,
  review: (event, _args, { state }) => state.reviews.rows.get(event.reviewId) ?? null,
};

function pullOf(event: TimelineEvent, { state }: Ask): Pull {
  return pullOfIssue(state, state.issues.rows.get(event.issueId)!)!;
}

function commitOf(event: TimelineEvent, oid: string, ask: Ask): GitObject {
  return { repositoryId: pullOf(event, ask).repositoryId, oid };
}

function branch(event: TimelineEvent, name: string, ask: Ask): Promise<RefSource | null> {
  return existingRef(ask.world, pullOf(event, ask).repositoryId, `refs/heads/${name}`);
}
