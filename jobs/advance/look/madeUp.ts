// Answers of GitHub, made up for the tests beside this file.
import { GraphqlResponseError } from "@octokit/graphql";

import type { Installation } from "../../../app/github.ts";
import { whole as page } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import type {
  ActorFragment,
  IssueFieldsFragment,
  PlanFieldsFragment,
  PullFieldsFragment,
} from "./queries.gen.ts";
import type { RepositoryFields } from "./readIssue.ts";

export const app = { id: 7, slug: "coxswain" };
export const us: ActorFragment = { kind: "Bot", login: "coxswain" };
export const maria: ActorFragment = { kind: "User", login: "maria" };

/** The time of a minute of one day. */
export const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

export const commentNode = (id: number, given: Partial<NodeOf<"comments">> = {}): NodeOf<"comments"> => ({
  id: `IC_${id}`,
  fullDatabaseId: String(id),
  body: "Hello",
  createdAt: at(id),
  author: maria,
  editor: null,
  reactionGroups: [],
  ...given,
});

export const issueFields = (given: Partial<IssueFieldsFragment> = {}): IssueFieldsFragment => ({
  id: "I_12",
  number: 12,
  url: "https://github.test/acme/shop/issues/12",
  title: "It breaks",
  body: "Always.",
  state: "OPEN",
  createdAt: at(0),
  author: maria,
  labels: page([{ name: "bug" }]),
  comments: page([]),
  timelineItems: page([]),
  userContentEdits: page([]),
  ...given,
});

export const pullFields = (given: Partial<PullFieldsFragment> = {}): PullFieldsFragment => ({
  kind: "PullRequest",
  id: "PR_13",
  number: 13,
  url: "https://github.test/acme/shop/pull/13",
  title: "Mend it",
  body: "",
  headRefName: "agent/12/fix",
  baseRefName: "main",
  isCrossRepository: false,
  isDraft: false,
  state: "OPEN",
  mergeable: "MERGEABLE",
  createdAt: at(10),
  closedAt: null,
  mergedAt: null,
  author: us,
  mergedBy: null,
  closings: { nodes: [] },
  commits: commits([]),
  comments: page([]),
  reviews: page([]),
  reviewThreads: page([]),
  reviewRequests: page([]),
  ...given,
});

/** What only the plan comment needs. */
export const planFields = (id: string, given: Partial<PlanFieldsFragment> = {}): PlanFieldsFragment => ({
  kind: "IssueComment",
  id,
  userContentEdits: page([]),
  up: page([]),
  down: page([]),
  ...given,
});

/** A newest commit with these checks. */
export const commits = (contexts: NodeOf<"contexts">[]): PullFieldsFragment["commits"] => {
  const statusCheckRollup = contexts.length > 0 ? { id: "SCR_1", contexts: page(contexts) } : null;
  return { nodes: [{ commit: { oid: "f".repeat(40), committedDate: at(9), statusCheckRollup } }] };
};

type Run = Extract<NodeOf<"contexts">, { kind: "CheckRun" }>;
export const checkRun = (id: number, given: Partial<Run> = {}): Run => ({
  kind: "CheckRun",
  databaseId: id,
  name: "test",
  status: "COMPLETED",
  conclusion: "SUCCESS",
  title: null,
  summary: null,
  text: null,
  detailsUrl: null,
  checkSuite: { id: "CS_1", app: { slug: "github-actions" } },
  annotations: { totalCount: 0, nodes: [] },
  ...given,
});

export const pullName = (given: Partial<NodeOf<"pullNames">> = {}): NodeOf<"pullNames"> => ({
  id: "PR_13",
  isCrossRepository: false,
  headRefName: "agent/12/fix",
  author: us,
  ...given,
});

/** A branch, by its name. */
export const ref = (name: string, pulls: NodeOf<"pullNames">[] = []): NodeOf<"refs"> => ({
  id: `REF_${name}`,
  name,
  target: { oid: "a".repeat(40) },
  associatedPullRequests: page(pulls),
});

export const repositoryFields = (given: Partial<RepositoryFields> = {}): RepositoryFields => ({
  id: "R_1",
  databaseId: 4711,
  name: "shop",
  isArchived: false,
  owner: { login: "acme" },
  defaultBranchRef: { name: "main", target: { oid: "b".repeat(40) } },
  settings: null,
  labels: page([]),
  refs: page([]),
  issueOrPullRequest: { kind: "Issue", ...issueFields() },
  ...given,
});

/** What octokit throws when GitHub answers a query with such errors, and the rest of its answer. */
export const refused = (
  errors: { type: string; path: (string | number)[] }[],
  answer: object = {},
): GraphqlResponseError<object> =>
  new GraphqlResponseError(
    { method: "POST", url: "/graphql" },
    {},
    {
      data: answer,
      errors: errors.map((each) => ({ ...each, message: "no", extensions: {}, locations: [] })) as never,
    },
  );

/** The same, where only the node at `path` isn't there. */
export const notFound = (path: (string | number)[], answer?: object): GraphqlResponseError<object> =>
  refused([{ type: "NOT_FOUND", path }], answer);

/** What octokit throws when GitHub answers with `status`. */
export const refusal = (status: number): Error => Object.assign(new Error(`refused: ${status}`), { status });

/** One call that was made, and how GitHub answers it: an error is thrown. */
export type Answers = (call: { name: string; variables: Record<string, unknown> }) => unknown;

/** An installation that only reads; `calls` lists the names of queries and routes, in order. */
export function readOnly(answers: Answers): Installation & { calls: string[] } {
  const calls: string[] = [];
  const answer = async (name: string, variables: Record<string, unknown>): Promise<unknown> => {
    calls.push(name);
    const found = answers({ name, variables });
    if (found instanceof Error) throw found;
    return found;
  };
  const refused = (): Promise<never> => Promise.reject(new Error("A look writes nothing."));
  return {
    id: 1,
    calls,
    query: <T>(document: string, variables: Record<string, unknown>) =>
      answer(/query (\w+)/.exec(document)?.[1] ?? document, variables) as Promise<T>,
    read: <T>(route: string, parameters: Record<string, unknown>) => answer(route, parameters) as Promise<T>,
    write: refused,
    mutate: refused,
  };
}
