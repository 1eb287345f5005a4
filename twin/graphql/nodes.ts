import { decodeKeyedNodeId, decodeNodeId } from "../nodeIds.ts";
import type { KeyedNodeType, NodeType } from "../nodeIds.ts";
import { readRef } from "../git/refs.ts";
import type {
  Account,
  Comment,
  Issue,
  Label,
  Pull,
  Reaction,
  Repository,
  Review,
  ReviewComment,
  TextEdit,
  Thread,
  Writing,
} from "../model.ts";
import type { State } from "../store.ts";
import { canSee } from "../viewer.ts";
import { homeOf, Typed } from "./ask.ts";
import type { Context, RefSource } from "./ask.ts";
import { eventType } from "./names.ts";
import { dirOf, gitObject } from "./objects.ts";
import { commitsOf } from "./pullGit.ts";
import { noSuchNode, refusal } from "./refusal.ts";
import { rollupOf } from "./rollup.ts";
import { reactableById } from "./subjects.ts";

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
  const edit = writingOfEdit(state, id)?.edits.find((found) => found.id === id);
  return edit && new Typed("UserContentEdit", edit);
}

function writingOfEdit(state: State, editId: number): Writing | undefined {
  return [state.issues, state.comments, state.reviews, state.reviewComments]
    .flatMap((table): Writing[] => [...table.rows.values()])
    .find((writing) => writing.edits.some((edit) => edit.id === editId));
}

function isSeen(node: Typed, { state, viewer }: Context): boolean {
  const repository = homeOf(state, belongingOf(state, node));
  return !repository || canSee(viewer, repository);
}

/** What tells a node's repository: the node itself, or the text that it is a reaction to or an edit of. */
function belongingOf(state: State, { __typename, source }: Typed): unknown {
  if (__typename === "Reaction") return reactableById(state, (source as Reaction).subjectId)?.source;
  if (__typename === "UserContentEdit") return writingOfEdit(state, (source as TextEdit).id);
  return source;
}

interface Keyed {
  type: KeyedNodeType;
  repositoryId: number;
  key: string;
}

async function keyedById(context: Context, { type, repositoryId, key }: Keyed): Promise<Typed | null> {
  const { world, state } = context;
  switch (type) {
    case "Commit":
    case "Tree":
    case "Blob": {
      const object = await gitObject(world, { repositoryId, oid: key });
      return object?.__typename === type ? object : null;
    }
    case "Ref":
      return (await readRef(dirOf(world, { repositoryId }), key))
        ? new Typed("Ref", { repositoryId, name: key })
        : null;
    case "Status":
    case "StatusCheckRollup": {
      const commit = rollupOf(state, repositoryId, key);
      return commit && new Typed(type, commit);
    }
    case "PullRequestCommit":
    case "ReviewRequest":
      return pullPartById(context, { type, repositoryId, key });
  }
}

async function pullPartById(
  { world, state }: Context,
  { type, repositoryId, key }: Keyed,
): Promise<Typed | null> {
  const [pullId, rest] = key.split(":") as [string, string];
  const pull = state.pulls.rows.get(Number(pullId));
  if (!pull) return null;
  if (type === "ReviewRequest") {
    const reviewerId = Number(rest);
    return pull.requestedReviewerIds.includes(reviewerId)
      ? new Typed(type, { repositoryId, pull, reviewerId })
      : null;
  }
  const commits = await commitsOf(world, pull);
  return commits.some((commit) => commit.sha === rest)
    ? new Typed(type, { repositoryId, pull, oid: rest })
    : null;
}
