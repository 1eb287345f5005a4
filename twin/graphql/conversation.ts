import type * as github from "@octokit/graphql-schema";
import { commentsSeen, labelsOf } from "../lookup.ts";
import type { Comment, Issue, Label } from "../model.ts";
import { triageOf } from "../needs.ts";
import { isoOrNull } from "../payloads/common.ts";
import { childrenOf } from "../table.ts";
import { actor, may } from "../viewer.ts";
import { people } from "./accounts.ts";
import { homeOf } from "./ask.ts";
import type { Ask, Fields } from "./ask.ts";
import { byId, byPosition, connection } from "./connection.ts";
import type { Listing } from "./connection.ts";

/** What issues and pull requests have in common beside being texts: GitHub's `Closable`, `Labelable`, `Assignable`, `Lockable`. */
export function conversationFields<Source>(issueOf: (source: Source, ask: Ask) => Issue) {
  const mayClose = (source: Source, _args: unknown, ask: Ask) => {
    const issue = issueOf(source, ask);
    return (
      actor(ask.viewer).id === issue.authorId || may(ask.viewer, homeOf(ask.state, issue)!, triageOf(issue))
    );
  };
  return {
    number: (source, _args, ask) => issueOf(source, ask).number,
    title: (source, _args, ask) => issueOf(source, ask).title,
    closed: (source, _args, ask) => issueOf(source, ask).state === "closed",
    closedAt: (source, _args, ask) => isoOrNull(issueOf(source, ask).closedAt),
    viewerCanClose: mayClose,
    viewerCanReopen: mayClose,
    locked: (source, _args, ask) => issueOf(source, ask).locked,
    activeLockReason: () => null,
    milestone: () => null,
    labels: (source, args: github.IssueLabelsArgs, ask) =>
      connection(labelsOf(ask.state, issueOf(source, ask)), args, ask.info, labelOrder(args.orderBy)),
    assignees: (source, args: github.IssueAssigneesArgs, ask) =>
      connection(people(ask.state, issueOf(source, ask).assigneeIds), args, ask.info, byId),
    participants: (source, args: github.IssueParticipantsArgs, ask) => {
      const issue = issueOf(source, ask);
      const comments = childrenOf(ask.state.comments, issue.id);
      const ids = [issue.authorId, ...issue.assigneeIds, ...comments.map((comment) => comment.authorId)];
      return connection(people(ask.state, ids), args, ask.info, byPosition);
    },
    comments: (source, args: github.IssueCommentsArgs, ask) =>
      connection(
        commentsSeen(ask.world, issueOf(source, ask).id),
        args,
        ask.info,
        commentOrder(args.orderBy),
      ),
  } satisfies Fields<github.Issue & github.PullRequest, Source>;
}

/** GitHub lists labels by when they were made, unless told otherwise. */
export function labelOrder(order: github.LabelOrder | null | undefined): Listing<Label> {
  const byName = order != null && order.field === "NAME";
  return {
    key: (label) => [byName ? label.name.toLowerCase() : label.id],
    descending: order != null && order.direction === "DESC",
  };
}

function commentOrder(order: github.IssueCommentOrder | null | undefined): Listing<Comment> {
  return {
    key: (comment) => [order ? comment.updatedAt : comment.createdAt, comment.id],
    descending: order != null && order.direction === "DESC",
  };
}
