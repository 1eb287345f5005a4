import type { Pull, Review, Thread } from "../decide/snapshot.ts";
import { checks } from "./checks.ts";
import { present } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import type { PullFieldsFragment } from "./queries.gen.ts";
import { comment, databaseId, isOurs, person, plain } from "./words.ts";
import type { App } from "./words.ts";

/** A pull request with all its pages, as the snapshot has it. The logs of its checks are still missing. */
export function pull(fields: PullFieldsFragment, app: App): Pull {
  const newest = present(fields.commits)[0]?.commit;
  if (!newest) throw new Error(`GitHub answered with no commit of pull request ${fields.number}.`);
  return {
    number: fields.number,
    nodeId: fields.id,
    url: fields.url,
    branch: fields.headRefName,
    state: STATES[fields.state],
    draft: fields.isDraft,
    title: fields.title,
    body: fields.body,
    head: newest.oid,
    headAt: new Date(newest.committedDate),
    createdAt: new Date(fields.createdAt),
    ended: ended(fields),
    base: fields.baseRefName,
    mergeable: MERGEABLE[fields.mergeable],
    checks: checks(present(newest.statusCheckRollup?.contexts ?? null), app),
    comments: present(fields.comments).map((node) => comment(node, app)),
    reviews: present(fields.reviews).map((node) => review(node, app)),
    threads: present(fields.reviewThreads).map((node) => thread(node, app)),
    requested: present(fields.reviewRequests).flatMap(({ requestedReviewer: whose }) =>
      whose && "login" in whose ? [whose.login] : [],
    ),
  };
}

const STATES = { OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const;
const MERGEABLE = { MERGEABLE: "mergeable", CONFLICTING: "conflicting", UNKNOWN: "unknown" } as const;

function ended(fields: PullFieldsFragment): Pull["ended"] {
  switch (fields.state) {
    case "OPEN":
      return null;
    case "MERGED":
      return {
        at: new Date(fields.mergedAt ?? fields.closedAt ?? fields.createdAt),
        by: person(fields.mergedBy),
      };
    case "CLOSED": {
      const closing = present(fields.closings).find((event) => event.kind === "ClosedEvent");
      return {
        at: new Date(closing?.createdAt ?? fields.closedAt ?? fields.createdAt),
        by: person(closing?.actor ?? null),
      };
    }
  }
}

function review(node: NodeOf<"reviews">, app: App): Review {
  return {
    id: databaseId(node),
    by: person(node.author),
    ours: isOurs(node.author, app),
    state: node.state,
    body: plain(node.body),
    at: new Date(node.submittedAt ?? node.createdAt),
    comments: node.comments.totalCount,
  };
}

function thread(node: NodeOf<"threads">, app: App): Thread {
  return {
    nodeId: node.id,
    resolved: node.isResolved,
    path: node.path,
    // Outdated threads have no line any more.
    line: node.line ?? node.originalLine,
    comments: present(node.comments).map((each) => ({
      ...comment(each, app),
      reviewId: each.pullRequestReview ? databaseId(each.pullRequestReview) : null,
    })),
  };
}
