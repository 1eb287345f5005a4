import type { Installation } from "../../../app/github.ts";
import * as queries from "./queries.gen.ts";

/** One page of a connection, as GitHub answers. */
interface Connection<Node> {
  nodes: (Node | null)[] | null;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface Pages {
  refs: queries.NextRefsQuery;
  repositoryLabels: queries.NextRepositoryLabelsQuery;
  pullNames: queries.NextPullNamesQuery;
  issueLabels: queries.NextIssueLabelsQuery;
  issueEvents: queries.NextIssueEventsQuery;
  edits: queries.NextEditsQuery;
  reactions: queries.NextReactionsQuery;
  comments: queries.NextCommentsQuery;
  contexts: queries.NextContextsQuery;
  reviews: queries.NextReviewsQuery;
  threads: queries.NextThreadsQuery;
  threadComments: queries.NextThreadCommentsQuery;
  reviewRequests: queries.NextReviewRequestsQuery;
}

const DOCUMENTS: Record<keyof Pages, string> = {
  refs: queries.NextRefsDocument,
  repositoryLabels: queries.NextRepositoryLabelsDocument,
  pullNames: queries.NextPullNamesDocument,
  issueLabels: queries.NextIssueLabelsDocument,
  issueEvents: queries.NextIssueEventsDocument,
  edits: queries.NextEditsDocument,
  reactions: queries.NextReactionsDocument,
  comments: queries.NextCommentsDocument,
  contexts: queries.NextContextsDocument,
  reviews: queries.NextReviewsDocument,
  threads: queries.NextThreadsDocument,
  threadComments: queries.NextThreadCommentsDocument,
  reviewRequests: queries.NextReviewRequestsDocument,
};

type PageOf<K extends keyof Pages> = NonNullable<Extract<Pages[K]["node"], { page: unknown }>["page"]>;
/** A node of that kind of connection. */
export type NodeOf<K extends keyof Pages> = NonNullable<NonNullable<PageOf<K>["nodes"]>[number]>;

/** What a connection hangs on: its node id, and what else its document asks for. */
type Owner = { id: string } & Record<string, unknown>;

/**
 * All nodes of a connection, of which `first` is the first page (null: there is no connection). Throws on any error, also
 * where `owner` is gone meanwhile: half a connection is never taken for the whole.
 */
export async function allOf<K extends keyof Pages>(
  github: Installation,
  kind: K,
  owner: Owner,
  first: Connection<NodeOf<K>> | null,
): Promise<NodeOf<K>[]> {
  if (!first) return [];
  const nodes = present(first);
  let { hasNextPage, endCursor } = first.pageInfo;
  while (hasNextPage) {
    const page = await pageAfter(github, kind, owner, endCursor);
    nodes.push(...present(page));
    ({ hasNextPage, endCursor } = page.pageInfo);
  }
  return nodes;
}

/** The page of a connection after `after`; null: the first. */
export async function pageAfter<K extends keyof Pages>(
  github: Installation,
  kind: K,
  owner: Owner,
  after: string | null,
): Promise<Connection<NodeOf<K>>> {
  type Answer = { node: { page?: Connection<NodeOf<K>> | null } | null };
  const { node } = await github.query<Answer>(DOCUMENTS[kind], { ...owner, after });
  if (!node?.page) throw new Error(`GitHub has no further page of ${kind} of ${owner.id}.`);
  return node.page;
}

/** `connection` with `nodes` in the place of its first page, and nothing after them. */
export const whole = <Node>(nodes: Node[]): Connection<Node> => ({
  nodes,
  pageInfo: { hasNextPage: false, endCursor: null },
});

/** The nodes of a page. GitHub leaves null where one is hidden from us. */
export const present = <Node>(connection: { nodes: (Node | null)[] | null } | null): Node[] =>
  (connection?.nodes ?? []).filter((node) => node !== null);
