import { decodeKeyedNodeId, decodeNodeId } from "../nodeIds.ts";
import type { NodeType } from "../nodeIds.ts";
import type {
  Account,
  Comment,
  Issue,
  Label,
  Pull,
  Repository,
  Review,
  ReviewComment,
  Thread,
} from "../model.ts";
import type { State } from "../store.ts";
import { canSee } from "../viewer.ts";
import { homeOf, Typed } from "./ask.ts";
import type { Context, RefSource } from "./ask.ts";
import { belongingOf, editedBy } from "./belonging.ts";
import { keyedById } from "./keyedNodes.ts";
import { eventType } from "./names.ts";
import { noSuchNode, refusal } from "./refusal.ts";

/**
 * What a node id stands for.
 *
 * @throws GraphQLError NOT_FOUND for what isn't there, isn't a node id, or is in a repository that the viewer can't see
 */
export async function nodeById(id: string, context: Context): Promise<Typed> {
  const found = await findNode(id, context);
  if (!found || !isSeen(found, context)) throw noSuchNode(id);
  return found;
}

/**
 * The record that a node id stands for, for a mutation that takes these types.
 *
 * @throws GraphQLError NOT_FOUND as `nodeById`, and for other types
 */
export async function recordOf<Name extends keyof Records>(
  id: string,
  names: readonly Name[],
  context: Context,
): Promise<Records[Name]> {
  const node = await nodeById(id, context);
  if ((names as readonly string[]).includes(node.__typename)) return node.source as Records[Name];
  throw refusal(
    "NOT_FOUND",
    `Could not resolve to ${names.join(" or ")} node with the global id of '${id}'.`,
  );
}

/** What stands behind the types that mutations take. */
interface Records {
  Repository: Repository;
  Issue: Issue;
  IssueComment: Comment;
  Label: Label;
  PullRequest: Pull;
  PullRequestReview: Review;
  PullRequestReviewComment: ReviewComment;
  PullRequestReviewThread: Thread;
  Ref: RefSource;
  User: Account;
  Bot: Account;
}

async function findNode(id: string, context: Context): Promise<Typed | null | undefined> {
  const plain = decodeNodeId(id);
  if (plain) return recordById(context.state, plain);
  const keyed = decodeKeyedNodeId(id);
  return keyed && context.state.repositories.rows.has(keyed.repositoryId)
    ? keyedById(context, keyed)
    : undefined;
}

/** The tables of records that have a node id; accounts, events, edits and the issue sides of pull requests are apart. */
const tables = {
  App: "apps",
  Repository: "repositories",
  Label: "labels",
  IssueComment: "comments",
  PullRequest: "pulls",
  PullRequestReview: "reviews",
  PullRequestReviewThread: "threads",
  PullRequestReviewComment: "reviewComments",
  Reaction: "reactions",
  CheckSuite: "checkSuites",
  CheckRun: "checkRuns",
  StatusContext: "statuses",
} as const satisfies Partial<Record<NodeType, keyof State>>;

function recordById(state: State, { type, id }: { type: NodeType; id: number }): Typed | undefined {
  if (isTabled(type)) {
    const row = state[tables[type]].rows.get(id);
    return row && new Typed(type, row);
  }
  switch (type) {
    case "User":
    case "Bot":
    case "Organization": {
      const account = state.accounts.rows.get(id);
      return account?.type === type ? new Typed(type, account) : undefined;
    }
    case "Issue": {
      const issue = state.issues.rows.get(id);
      return issue && !issue.isPull ? new Typed(type, issue) : undefined;
    }
    case "TimelineEvent": {
      const event = state.timeline.rows.get(id);
      return event && new Typed(eventType(event), event);
    }
    case "UserContentEdit":
      return editById(state, id);
    // No types of GitHub's GraphQL.
    case "Installation":
    case "Delivery":
      return undefined;
  }
}

function isTabled(type: NodeType): type is keyof typeof tables {
  return type in tables;
}

function editById(state: State, id: number): Typed | undefined {
  const edit = editedBy(state, id)?.edits.find((found) => found.id === id);
  return edit && new Typed("UserContentEdit", edit);
}

function isSeen(node: Typed, { state, viewer }: Context): boolean {
  const repository = homeOf(state, belongingOf(state, node)?.source);
  return !repository || canSee(viewer, repository);
}
