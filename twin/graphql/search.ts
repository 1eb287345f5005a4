import type * as github from "@octokit/graphql-schema";
import type { Issue } from "../model.ts";
import { accountByLogin, labelByName, pullOfIssue, repositoryByName, repositoryOf } from "../store.ts";
import type { State } from "../store.ts";
import { readOf } from "../needs.ts";
import { may } from "../viewer.ts";
import type { Ask } from "./ask.ts";
import { connection } from "./connection.ts";
import type { Listing } from "./connection.ts";
import { refusal } from "./refusal.ts";
import { issueOrPull } from "./subjects.ts";

/** One word of a search: a qualifier (`is:open`, `-label:"help wanted"`), or with an empty name a word of the text. */
interface Term {
  name: string;
  value: string;
  not: boolean;
}

/**
 * Issues and pull requests by GitHub's search words.
 * https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
 *
 * @throws GraphQLError for other things than issues, and for qualifiers that the twin doesn't know
 */
export function searchConnection(args: github.QuerySearchArgs, ask: Ask) {
  if (!args.type.startsWith("ISSUE"))
    throw refusal("NOT_IN_TWIN", `search(type: ${args.type}) isn't in the twin`);
  const terms = termsOf(args.query);
  const conditions = terms.filter((term) => term.name !== "sort").map((term) => conditionOf(term, ask.state));
  const found = [...ask.state.issues.rows.values()].filter(
    (issue) =>
      may(ask.viewer, repositoryOf(ask.state, issue), readOf(issue)) &&
      conditions.every((holds) => holds(issue)),
  );
  const page = connection(found, args, ask.info, {
    ...orderOf(terms.find((term) => term.name === "sort")?.value),
    node: (issue) => issueOrPull(ask.state, issue),
  });
  return { ...page, issueCount: found.length };
}

function termsOf(query: string): Term[] {
  return [...query.matchAll(/(-?)(?:([\w-]+):)?(?:"([^"]*)"|(\S+))/g)].map(
    ([, not, name, quoted, plain]) => ({
      name: name ?? "",
      value: quoted ?? plain!,
      not: not === "-",
    }),
  );
}

function conditionOf(term: Term, state: State): (issue: Issue) => boolean {
  const holds = qualifier(term, state);
  return term.not ? (issue) => !holds(issue) : holds;
}

function qualifier({ name, value }: Term, state: State): (issue: Issue) => boolean {
  switch (name) {
    case "":
      return (issue) => `${issue.title}\n${issue.body}`.toLowerCase().includes(value.toLowerCase());
    case "repo": {
      const [owner, repository] = value.split("/");
      const wanted = repositoryByName(state, owner ?? "", repository ?? "");
      return (issue) => issue.repositoryId === wanted?.id;
    }
    case "org":
    case "user":
      return (issue) => repositoryOf(state, issue).ownerId === accountByLogin(state, value)?.id;
    case "label":
      return (issue) => issue.labelIds.includes(labelByName(state, issue.repositoryId, value)?.id ?? 0);
    case "author":
      return (issue) => issue.authorId === accountByLogin(state, botLogin(value))?.id;
    case "assignee":
      return (issue) => issue.assigneeIds.includes(accountByLogin(state, value)?.id ?? 0);
    case "is":
    case "state":
    case "type":
      return (issue) => is(value, issue, state);
    case "head":
      return (issue) => pullOfIssue(state, issue)?.headRef === value;
    case "base":
      return (issue) => pullOfIssue(state, issue)?.baseRef === value;
    case "in":
      // Title and text are searched anyhow.
      return () => true;
    default:
      throw refusal("NOT_IN_TWIN", `the search qualifier ${name}: isn't in the twin`);
  }
}

function is(value: string, issue: Issue, state: State): boolean {
  const pull = pullOfIssue(state, issue);
  switch (value) {
    case "issue":
      return !issue.isPull;
    case "pr":
    case "pull-request":
      return issue.isPull;
    case "open":
    case "closed":
      return issue.state === value;
    case "merged":
      return pull?.merged != null;
    case "unmerged":
      return pull !== undefined && pull.merged === null;
    case "draft":
      return pull?.draft === true;
    case "public":
    case "private":
      return repositoryOf(state, issue).private === (value === "private");
    default:
      throw refusal("NOT_IN_TWIN", `the search qualifier is:${value} isn't in the twin`);
  }
}

/** `app/name` is how a search names an app's bot. */
function botLogin(value: string): string {
  return value.startsWith("app/") ? `${value.slice("app/".length)}[bot]` : value;
}

function orderOf(sort: string | undefined): Listing<Issue> {
  const [field = "created", direction = "desc"] = sort?.split("-") ?? [];
  return {
    key: (issue) => [field === "updated" ? issue.updatedAt : issue.createdAt, issue.id],
    descending: direction === "desc",
  };
}
