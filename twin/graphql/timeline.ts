import type * as github from "@octokit/graphql-schema";
import { commentsSeen } from "../lookup.ts";
import type { Issue, Pull, TimelineEvent } from "../model.ts";
import { iso } from "../payloads/common.ts";
import { childrenOf } from "../table.ts";
import { canSee } from "../viewer.ts";
import { homeOf, Typed } from "./ask.ts";
import type { Ask } from "./ask.ts";
import { connection } from "./connection.ts";
import { enumName, eventType } from "./names.ts";
import { commitsOf } from "./pullGit.ts";
import { visibleReviews } from "./reviewing.ts";

type TimelineArgs = Omit<github.IssueTimelineItemsArgs, "itemTypes"> & { itemTypes?: string[] | null };

/** Something in a timeline: `at` in milliseconds since 1970; `place` orders what is of one moment. */
interface Item {
  at: number;
  place: number;
  source: Typed;
}

/** What happened to an issue: events and comments, oldest first. */
export function issueTimeline(issue: Issue, ask: Ask): Item[] {
  const events = childrenOf(ask.state.timeline, issue.id).filter((event) => isVisible(event, ask));
  return [
    ...events.map((event) => ({ at: event.at, place: event.id, source: new Typed(eventType(event), event) })),
    ...commentsSeen(ask.world, issue.id).map((comment) => ({
      at: comment.createdAt,
      place: comment.id,
      source: new Typed("IssueComment", comment),
    })),
  ];
}

/** What happened to a pull request: as of an issue, and its commits and reviews. */
export async function pullTimeline(pull: Pull, issue: Issue, ask: Ask): Promise<Item[]> {
  const commits = await commitsOf(ask.world, pull);
  return [
    ...commits.map((commit, index) => ({
      at: commit.committer.at,
      place: index,
      source: new Typed("PullRequestCommit", { repositoryId: pull.repositoryId, pull, oid: commit.sha }),
    })),
    ...issueTimeline(issue, ask),
    ...visibleReviews(pull, ask).map((review) => ({
      at: review.submittedAt ?? review.createdAt,
      place: review.id,
      source: new Typed("PullRequestReview", review),
    })),
  ];
}

/** A page of a timeline, filtered as the arguments say. */
export function timelineConnection(issue: Issue, items: readonly Item[], args: TimelineArgs, ask: Ask) {
  const types = args.itemTypes ?? [];
  const since = args.since == null ? 0 : Date.parse(String(args.since));
  const found = items.filter(
    (item) => item.at >= since && (types.length === 0 || types.includes(enumName(item.source.__typename))),
  );
  const listing = { key: (item: Item) => [item.at, item.place], node: (item: Item) => item.source };
  const page = connection(found.slice(args.skip ?? 0), args, ask.info, listing);
  return { ...page, pageCount: page.nodes.length, updatedAt: iso(issue.updatedAt) };
}

/** Mentions from a repository that the viewer can't see stay hidden. */
function isVisible(event: TimelineEvent, { state, viewer }: Ask): boolean {
  if (event.event !== "cross-referenced") return true;
  const source = state.issues.rows.get(event.sourceIssueId);
  return source !== undefined && canSee(viewer, homeOf(state, source)!);
}
