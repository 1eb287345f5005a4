import type { ReactionContent, TimelineEvent } from "../model.ts";

const contentNames = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  hooray: "HOORAY",
  confused: "CONFUSED",
  heart: "HEART",
  rocket: "ROCKET",
  eyes: "EYES",
} as const satisfies Record<ReactionContent, string>;

/** All reactions, in GitHub's order, as the model and as GraphQL name them. */
export const reactionNames = Object.entries(contentNames) as [ReactionContent, string][];

/** GraphQL's name of a reaction. */
export function reactionName(content: ReactionContent): string {
  return contentNames[content];
}

/** The reaction that GraphQL calls so. */
export function reactionNamed(name: string): ReactionContent {
  return reactionNames.find(([, known]) => known === name)![0];
}

const eventTypes = {
  labeled: "LabeledEvent",
  unlabeled: "UnlabeledEvent",
  assigned: "AssignedEvent",
  unassigned: "UnassignedEvent",
  closed: "ClosedEvent",
  reopened: "ReopenedEvent",
  locked: "LockedEvent",
  unlocked: "UnlockedEvent",
  ready_for_review: "ReadyForReviewEvent",
  convert_to_draft: "ConvertToDraftEvent",
  head_ref_deleted: "HeadRefDeletedEvent",
  renamed: "RenamedTitleEvent",
  "cross-referenced": "CrossReferencedEvent",
  merged: "MergedEvent",
  head_ref_force_pushed: "HeadRefForcePushedEvent",
  base_ref_changed: "BaseRefChangedEvent",
  review_requested: "ReviewRequestedEvent",
  review_request_removed: "ReviewRequestRemovedEvent",
  review_dismissed: "ReviewDismissedEvent",
  comment_deleted: "CommentDeletedEvent",
} as const satisfies Record<TimelineEvent["event"], string>;

/** The GraphQL type of an event. */
export function eventType(event: TimelineEvent): string {
  return eventTypes[event.event];
}

/** `LabeledEvent` → `LABELED_EVENT`, as `itemTypes` has it. */
export function enumName(typeName: string): string {
  return typeName.replaceAll(/(?<!^)[A-Z]/g, "_$&").toUpperCase();
}
