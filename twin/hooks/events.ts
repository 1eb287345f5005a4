/** The webhooks that the twin can send: events with their actions; null: the event has none. */
export const events = {
  check_run: ["completed", "created", "requested_action", "rerequested"],
  check_suite: ["completed", "requested", "rerequested"],
  create: [null],
  delete: [null],
  installation: ["created", "deleted", "suspend", "unsuspend"],
  issue_comment: ["created", "deleted", "edited"],
  issues: [
    "assigned",
    "closed",
    "edited",
    "labeled",
    "locked",
    "opened",
    "reopened",
    "unassigned",
    "unlabeled",
    "unlocked",
  ],
  label: ["created", "deleted", "edited"],
  pull_request: [
    "assigned",
    "closed",
    "converted_to_draft",
    "edited",
    "labeled",
    "locked",
    "opened",
    "ready_for_review",
    "reopened",
    "review_request_removed",
    "review_requested",
    "synchronize",
    "unassigned",
    "unlabeled",
    "unlocked",
  ],
  pull_request_review: ["dismissed", "edited", "submitted"],
  pull_request_review_comment: ["created", "deleted", "edited"],
  pull_request_review_thread: ["resolved", "unresolved"],
  push: [null],
  status: [null],
} as const satisfies Record<string, readonly (string | null)[]>;

type EventName = keyof typeof events;

/** The actions of an event. */
export type ActionOf<Name extends EventName> = (typeof events)[Name][number];

/** One webhook by its event and action. */
export type Named = { [Name in EventName]: { event: Name; action: ActionOf<Name> } }[EventName];
