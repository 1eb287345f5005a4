import type * as github from "@octokit/graphql-schema";
import type { Issue, TimelineEvent } from "../model.ts";
import { nodeId } from "../nodeIds.ts";
import { iso } from "../payloads/common.ts";
import { issueUrl } from "../payloads/issue.ts";
import { actorById } from "./accounts.ts";
import type { Ask, Fields, Typed } from "./ask.ts";
import { pathOf } from "./places.ts";
import { issueOrPull } from "./subjects.ts";

/** The events of one or several kinds. */
export type Event<Kind extends TimelineEvent["event"]> = Extract<TimelineEvent, { event: Kind }>;

/** What every event of a timeline has. */
export const everyEvent = {
  id: (event) => nodeId("TimelineEvent", event.id),
  createdAt: (event) => iso(event.at),
  actor: (event, _args, { state }) => actorById(state, event.actorId),
} satisfies Fields<github.LabeledEvent, TimelineEvent>;

/** What those events have that are a place on the page. */
export const linked = {
  url: (event, _args, ask) => eventUrl(event, ask),
  resourcePath: (event, _args, ask) => pathOf(eventUrl(event, ask)),
} satisfies Fields<github.ClosedEvent, TimelineEvent>;

/** The issue, or the issue side of the pull request, that an event is of. */
export function issueOf(event: TimelineEvent, { state }: Ask): Issue {
  return state.issues.rows.get(event.issueId)!;
}

/** The issue or pull request that an event is of. */
export function subjectOf(event: TimelineEvent, ask: Ask): Typed {
  return issueOrPull(ask.state, issueOf(event, ask));
}

function eventUrl(event: TimelineEvent, ask: Ask): string {
  return `${issueUrl(ask.world, issueOf(event, ask))}#event-${event.id}`;
}
