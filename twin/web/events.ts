import { never } from "../errors.ts";
import type { TimelineEvent } from "../model.ts";
import { accountOf } from "../store.ts";
import type { World } from "../world.ts";
import { issueAddress } from "./address.ts";
import { markup } from "./markup.ts";
import type { Html } from "./markup.ts";
import { labelPill, person, time, titleText } from "./parts.ts";

/** One line for what happened beside comments and reviews. */
export function eventLine(world: World, event: TimelineEvent): Html {
  const actor = person(accountOf(world.state, event.actorId));
  return markup`<p class="event">${actor} ${happened(world, event)} ${time(world, event.at)}</p>`;
}

function happened(world: World, event: TimelineEvent): Html {
  const named = (id: number): Html => person(accountOf(world.state, id));
  switch (event.event) {
    case "labeled":
      return markup`added ${labelPill(event.label)}`;
    case "unlabeled":
      return markup`removed ${labelPill(event.label)}`;
    case "assigned":
      return markup`assigned ${named(event.assigneeId)}`;
    case "unassigned":
      return markup`unassigned ${named(event.assigneeId)}`;
    case "closed":
      return markup`closed this${event.stateReason ? ` as ${event.stateReason.replace("_", " ")}` : null}`;
    case "renamed":
      return markup`changed the title <del>${titleText(event.from)}</del> ${titleText(event.to)}`;
    case "merged":
      return markup`merged commit ${shortSha(event.commitSha)} into <code>${event.baseRef}</code>`;
    case "head_ref_force_pushed":
      return markup`force-pushed from ${shortSha(event.before)} to ${shortSha(event.after)}`;
    case "base_ref_changed":
      return markup`changed the base branch from <code>${event.from}</code> to <code>${event.to}</code>`;
    case "review_requested":
      return markup`requested a review from ${named(event.reviewerId)}`;
    case "review_request_removed":
      return markup`removed the request for review from ${named(event.reviewerId)}`;
    case "review_dismissed":
      return markup`dismissed a review: ${event.message}`;
    case "cross-referenced": {
      const source = world.state.issues.rows.get(event.sourceIssueId)!;
      return markup`mentioned this in <a href="${issueAddress(world, source)}">${titleText(source.title)} #${source.number}</a>`;
    }
    case "reopened":
    case "locked":
    case "unlocked":
    case "ready_for_review":
    case "convert_to_draft":
    case "head_ref_deleted":
    case "comment_deleted":
      return markup`${plainWords[event.event]}`;
    default:
      return never(event);
  }
}

const plainWords = {
  reopened: "reopened this",
  locked: "locked the conversation",
  unlocked: "unlocked the conversation",
  ready_for_review: "marked this pull request as ready for review",
  convert_to_draft: "marked this pull request as draft",
  head_ref_deleted: "deleted the branch",
  comment_deleted: "deleted a comment",
};

/** A commit's name as it is shown. */
export function shortSha(sha: string): Html {
  return markup`<code>${sha.slice(0, 7)}</code>`;
}
