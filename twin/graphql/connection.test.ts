import { getNamedType } from "graphql";
import type { GraphQLObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createComment, deleteComment } from "../acts/comments.ts";
import { nodeId } from "../nodeIds.ts";
import { childrenOf } from "../table.ts";
import { githubSchema } from "./schema.ts";
import { at, refusals, tell } from "./testing/answers.ts";
import { argumentsOf, nodesOf } from "./testing/nodes.ts";
import { tellStory } from "./testing/story.ts";
import type { Story } from "./testing/story.ts";
import { buildTown } from "./testing/town.ts";
import { types } from "./types/index.ts";

let story: Story;
let nodes: Map<string, string[]>;
beforeAll(async () => {
  story = await tellStory(await buildTown());
  nodes = await nodesOf(story);
});
afterAll(() => story.town.leave());

interface Page {
  edges: { cursor: string }[];
  pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
  totalCount: number;
}

/** Every connection of the twin's nodes, as type and field. */
const connections = Object.entries(types).flatMap(([type, fields]) => {
  const known = (githubSchema().getType(type) as GraphQLObjectType).getFields();
  return Object.keys(fields)
    .filter((field) => getNamedType(known[field]!.type).name.endsWith("Connection"))
    .map((field) => [type, field] as const);
});

/** Of these the story has fewer than a page and a half. */
const few: Readonly<Record<string, number>> = {
  "User.repositories": 0,
  "Organization.repositories": 1,
  "Commit.parents": 2,
  "Commit.checkSuites": 1,
  "Issue.closedByPullRequestsReferences": 1,
};

const query = `pageInfo { startCursor endCursor hasNextPage hasPreviousPage } totalCount edges { cursor }`;

async function page(id: string, [type, field]: readonly [string, string], paging: string): Promise<Page> {
  const args = [argumentsOf(field), paging].filter(Boolean).join(", ");
  const text = `query ($id: ID!) { node(id: $id) { ... on ${type} { ${field}(${args}) { ${query} } } } }`;
  const { town } = story;
  return at(await tell(town.world, town.asApp(), text, { id }), `node.${field}`) as Page;
}

describe("every connection pages to its end, forwards and backwards", () => {
  const paged = connections.filter(([type]) => type !== "Query" && type !== "ReactionGroup");
  it.each(paged)("%s.%s", async (...connection) => {
    let longest = 0;
    for (const id of nodes.get(connection[0])!) {
      const whole = await page(id, connection, "first: 100");
      const cursors = whole.edges.map((edge) => edge.cursor);
      longest = Math.max(longest, cursors.length);
      expect(new Set(cursors).size).toBe(cursors.length);
      expect(whole.totalCount).toBe(cursors.length);
      expect(await forwards(id, connection)).toEqual(cursors);
      expect(await backwards(id, connection)).toEqual(cursors);
    }
    expect(longest).toBeGreaterThanOrEqual(few[connection.join(".")] ?? 3);
  });
});

async function forwards(id: string, connection: readonly [string, string]): Promise<string[]> {
  const seen: string[] = [];
  let found = await page(id, connection, "first: 2");
  expect(found.pageInfo.hasPreviousPage).toBe(false);
  seen.push(...found.edges.map((edge) => edge.cursor));
  while (found.pageInfo.hasNextPage) {
    found = await page(id, connection, `first: 2, after: "${found.pageInfo.endCursor}"`);
    expect(found.pageInfo.hasPreviousPage).toBe(true);
    seen.push(...found.edges.map((edge) => edge.cursor));
  }
  return seen;
}

async function backwards(id: string, connection: readonly [string, string]): Promise<string[]> {
  let found = await page(id, connection, "last: 2");
  expect(found.pageInfo.hasNextPage).toBe(false);
  const seen = found.edges.map((edge) => edge.cursor);
  while (found.pageInfo.hasPreviousPage) {
    found = await page(id, connection, `last: 2, before: "${found.pageInfo.startCursor}"`);
    expect(found.pageInfo.hasNextPage).toBe(true);
    seen.unshift(...found.edges.map((edge) => edge.cursor));
  }
  return seen;
}

describe("a page", () => {
  const comments = (paging: string, below = "nodes { body }") =>
    `{ repository(owner: "acme", name: "tool") { issue(number: 1) { comments${paging} { ${below} } } } }`;
  const path = ["repository", "issue", "comments"];

  it("is what first, last, after and before say together", async () => {
    const { world, asApp } = story.town;
    const bodies = async (paging: string) =>
      at(await tell(world, asApp(), comments(paging)), `${path.join(".")}.nodes`);
    expect(await bodies("(first: 3, last: 1)")).toEqual([{ body: "Third" }]);
    const edges = at(
      await tell(world, asApp(), comments("(first: 4)", "edges { cursor }")),
      `${path.join(".")}.edges`,
    ) as { cursor: string }[];
    const between = `after: "${edges[0]!.cursor}", before: "${edges[3]!.cursor}"`;
    expect(await bodies(`(first: 10, ${between})`)).toEqual([{ body: "Second" }, { body: "Third" }]);
    expect(await bodies(`(last: 1, ${between})`)).toEqual([{ body: "Third" }]);
  });

  it.each([
    [
      "",
      "MISSING_PAGINATION_BOUNDARIES",
      "You must provide a `first` or `last` value to properly paginate the `comments` connection.",
    ],
    [
      "(first: 101)",
      "EXCESSIVE_PAGINATION",
      "Requesting 101 records on the `comments` connection exceeds the `first` limit of 100 records.",
    ],
    [
      "(last: 500)",
      "EXCESSIVE_PAGINATION",
      "Requesting 500 records on the `comments` connection exceeds the `last` limit of 100 records.",
    ],
    [
      "(first: -1)",
      "INVALID_PAGINATION_BOUNDARIES",
      "`first` on the `comments` connection cannot be less than 1.",
    ],
    [
      '(first: 1, after: "nonsense")',
      "INVALID_CURSOR_ARGUMENTS",
      "`nonsense` does not appear to be a valid cursor.",
    ],
  ])("with %j is refused as %s", async (paging, type, message) => {
    const { world, asApp } = story.town;
    expect(await refusals(world, asApp(), comments(paging))).toEqual([{ type, path, message }]);
  });

  it("needs no boundaries for a count alone, also in a fragment", async () => {
    const { world, asApp } = story.town;
    const count = comments("", "... on IssueCommentConnection { totalCount }");
    expect(at(await tell(world, asApp(), count), path.join("."))).toEqual({ totalCount: 4 });
    const hidden = comments("", "... on IssueCommentConnection { nodes { id } }");
    expect(await refusals(world, asApp(), hidden)).toMatchObject([{ type: "MISSING_PAGINATION_BOUNDARIES" }]);
  });

  it("goes on where a cursor stood whose comment is gone", async () => {
    const { world, as, asApp } = story.town;
    const issue = childrenOf(world.state.issues, story.town.repository.id)[1]!;
    const [, gone] = ["a", "b", "c"].map((body) => createComment(world, as("mia"), issue, body));
    const text = (paging: string) =>
      `{ node(id: "${nodeId("Issue", issue.id)}") { ... on Issue { comments(${paging}) { nodes { body } pageInfo { endCursor } } } } }`;
    const first = await tell(world, asApp(), text("first: 2"));
    deleteComment(world, as("mia"), gone!);
    const cursor = at(first, "node.comments.pageInfo.endCursor") as string;
    const rest = await tell(world, asApp(), text(`first: 2, after: "${cursor}"`));
    expect(at(rest, "node.comments.nodes")).toEqual([{ body: "c" }]);
    const before = await tell(world, asApp(), text(`last: 2, before: "${cursor}"`));
    expect(at(before, "node.comments.nodes")).toEqual([{ body: "a" }]);
  });
});
