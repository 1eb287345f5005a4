import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, refusals, tell } from "./testing/answers.ts";
import { tellStory } from "./testing/story.ts";
import type { Story } from "./testing/story.ts";
import { buildTown } from "./testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

describe("a list of issues", () => {
  const list = async (field: string) => {
    const query = `{ repository(owner: "acme", name: "tool") { ${field} { totalCount nodes { number } } } }`;
    return at(
      await tell(story.town.world, story.town.asApp(), query),
      `repository.${field.split("(")[0]!}.nodes`,
    );
  };
  const numbers = (...found: number[]) => found.map((number) => ({ number }));

  it.each([
    ["issues(first: 9)", [1, 2, 3]],
    ["issues(first: 9, orderBy: { field: CREATED_AT, direction: DESC })", [3, 2, 1]],
    ["issues(first: 1, orderBy: { field: COMMENTS, direction: DESC })", [1]],
    ["issues(first: 9, states: [CLOSED])", []],
    ['issues(first: 9, labels: ["nothing", "AGENT"])', [1, 2, 3]],
    ['issues(first: 9, labels: ["nothing"])', []],
    ['issues(first: 9, filterBy: { assignee: "tom" })', [1]],
    ['issues(first: 9, filterBy: { createdBy: "mia" })', []],
    ["pullRequests(first: 9)", [4, 5, 6, 7]],
    ['pullRequests(first: 9, headRefName: "fix", baseRefName: "main")', [4]],
    ["pullRequests(first: 9, states: [MERGED])", [7]],
    ["pullRequests(first: 9, states: [OPEN])", [4, 5, 6]],
    ['pullRequests(first: 1, labels: ["help"], orderBy: { field: UPDATED_AT, direction: DESC })', [4]],
  ])("%s", async (field, expected) => {
    expect(await list(field)).toEqual(numbers(...expected));
  });

  it.each([
    ["repo:acme/tool is:issue is:open", [3, 2, 1]],
    ["repo:acme/tool is:pr is:merged", [7]],
    ['repo:acme/tool is:issue "it smells" in:title', [3]],
    ["repo:acme/tool label:bug -author:rex sort:created-asc", [4, 5, 6, 7]],
    ["author:app/cox", [4]],
    ["head:fix base:next", [5]],
    ["repo:acme/other", []],
  ])("search %j", async (text, expected) => {
    const query =
      "query ($text: String!) { search(type: ISSUE, query: $text, first: 9) { issueCount nodes { ... on Issue { number } ... on PullRequest { number } } } }";
    const found = await tell(story.town.world, story.town.asApp(), query, { text });
    expect(found).toEqual({ search: { issueCount: expected.length, nodes: numbers(...expected) } });
  });

  it("search finds nothing where the viewer sees nothing, and names what it doesn't know", async () => {
    const { world, as } = story.town;
    const query = "query ($text: String!) { search(type: ISSUE, query: $text, first: 9) { issueCount } }";
    expect(await tell(world, as("sam"), query, { text: "is:open" })).toEqual({ search: { issueCount: 0 } });
    expect(await refusals(world, as("mia"), query, { text: "involves:mia" })).toMatchObject([
      { message: "the search qualifier involves: isn't in the twin" },
    ]);
  });
});
