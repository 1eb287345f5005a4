import type * as github from "@octokit/graphql-schema";
import type { Label } from "../../model.ts";
import { iso } from "../../payloads/common.ts";
import { actorById, people } from "../accounts.ts";
import type { Ask, Fields } from "../ask.ts";
import type { Event } from "../events.ts";
import { everyEvent, issueOf, linked, subjectOf } from "../events.ts";
import { issueOrPull } from "../subjects.ts";

const labelled: Fields<github.LabeledEvent, Event<"labeled" | "unlabeled">> = {
  ...everyEvent,
  label: (event, _args, ask) => labelOf(event, ask),
  labelable: (event, _args, ask) => subjectOf(event, ask),
};
export const LabeledEvent = labelled;
export const UnlabeledEvent: Fields<github.UnlabeledEvent, Event<"labeled" | "unlabeled">> = labelled;

const assigned: Fields<github.AssignedEvent, Event<"assigned" | "unassigned">> = {
  ...everyEvent,
  assignee: (event, _args, { state }) => actorById(state, event.assigneeId),
  user: (event, _args, { state }) => people(state, [event.assigneeId])[0] ?? null,
  assignable: (event, _args, ask) => subjectOf(event, ask),
};
export const AssignedEvent = assigned;
export const UnassignedEvent: Fields<github.UnassignedEvent, Event<"assigned" | "unassigned">> = assigned;

export const ClosedEvent: Fields<github.ClosedEvent, Event<"closed">> = {
  ...everyEvent,
  ...linked,
  stateReason: (event) => event.stateReason?.toUpperCase() ?? null,
  closable: (event, _args, ask) => subjectOf(event, ask),
  closer: (event, _args, { state }) => {
    const pull = event.byPullId === null ? undefined : state.pulls.rows.get(event.byPullId);
    return pull ? issueOrPull(state, state.issues.rows.get(pull.issueId)!) : null;
  },
};

export const ReopenedEvent: Fields<github.ReopenedEvent, Event<"reopened">> = {
  ...everyEvent,
  closable: (event, _args, ask) => subjectOf(event, ask),
  stateReason: (event, _args, ask) => (issueOf(event, ask).isPull ? null : "REOPENED"),
};

export const LockedEvent: Fields<github.LockedEvent, Event<"locked">> = {
  ...everyEvent,
  lockable: (event, _args, ask) => subjectOf(event, ask),
  lockReason: () => null,
};

export const UnlockedEvent: Fields<github.UnlockedEvent, Event<"unlocked">> = {
  ...everyEvent,
  lockable: (event, _args, ask) => subjectOf(event, ask),
};

export const RenamedTitleEvent: Fields<github.RenamedTitleEvent, Event<"renamed">> = {
  ...everyEvent,
  previousTitle: (event) => event.from,
  currentTitle: (event) => event.to,
  subject: (event, _args, ask) => subjectOf(event, ask),
};

export const CrossReferencedEvent: Fields<github.CrossReferencedEvent, Event<"cross-referenced">> = {
  ...everyEvent,
  ...linked,
  referencedAt: (event) => iso(event.at),
  isCrossRepository: () => false,
  willCloseTarget: (event) => event.willClose,
  source: (event, _args, { state }) => issueOrPull(state, state.issues.rows.get(event.sourceIssueId)!),
  target: (event, _args, ask) => subjectOf(event, ask),
};

export const CommentDeletedEvent: Fields<github.CommentDeletedEvent, Event<"comment_deleted">> = {
  ...everyEvent,
  databaseId: (event) => event.id,
};

/** The label as it is now; one that was deleted, as it was then. */
function labelOf(event: Event<"labeled" | "unlabeled">, ask: Ask): Label {
  const { repositoryId } = issueOf(event, ask);
  const then = { ...event.label, repositoryId, description: null, default: false };
  return ask.state.labels.rows.get(event.label.id) ?? then;
}
