import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeId } from "../nodeIds.ts";
import { executeGraphql } from "./execute.ts";
import { pointsPerHour } from "./spending.ts";
import { ask, at, refusals, tell } from "./testing/answers.ts";
import { tellStory } from "./testing/story.ts";
import type { Story } from "./testing/story.ts";
import { buildTown } from "./testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

describe("what can't be executed at all", () => {
  it.each([
    [
      "an unknown field",
      '{ repository(owner: "a", name: "b") { nonsense } }',
      "Field 'nonsense' doesn't exist on type 'Repository'",
    ],
    [
      "a missing argument",
      "{ node { id } }",
      'Field "node" argument "id" of type "ID!" is required, but it was not provided.',
    ],
    ["a syntax error", "{ viewer { login }", "Syntax Error: Expected Name, found <EOF>."],
    [
      "two operations without a name",
      "query A { viewer { login } } query B { viewer { login } }",
      "An operation name is required",
    ],
  ])("%s is one error without data", async (_what, query, message) => {
    const { world, asApp } = story.town;
    const answer = await ask(world, asApp(), query);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.map((error) => error.message)).toEqual([message]);
  });

  it("names type and field of an unknown field, and its place", async () => {
    const { world, asApp } = story.town;
    expect(await ask(world, asApp(), "{ viewer { nonsense } }")).toEqual({
      errors: [
        {
          message: "Field 'nonsense' doesn't exist on type 'User'",
          extensions: { code: "undefinedField", typeName: "User", fieldName: "nonsense" },
          locations: [{ line: 1, column: 12 }],
        },
      ],
    });
  });

  it("a variable of the wrong type", async () => {
    const { world, asApp } = story.town;
    const query = 'query ($n: Int!) { repository(owner: "acme", name: "tool") { issue(number: $n) { id } } }';
    const answer = await ask(world, asApp(), query, { n: "one" });
    expect(answer).toMatchObject({
      errors: [
        { message: "Variable $n of type Int! was provided invalid value", extensions: { value: "one" } },
      ],
    });
  });

  it("no query", async () => {
    const { world, asApp } = story.town;
    expect(await executeGraphql(world, asApp(), {})).toEqual({
      errors: [{ message: "A query attribute must be specified and must be a string." }],
    });
  });
});

describe("a query", () => {
  it("takes variables and aliases, and says what isn't there at its path", async () => {
    const { world, asApp } = story.town;
    const query = `query ($owner: String!, $n: Int!) {
      repository(owner: $owner, name: "tool") {
        here: issue(number: $n) { number }
        gone: issue(number: 99) { number }
        alsoGone: pullRequest(number: 1) { number }
      }
    }`;
    const answer = await ask(world, asApp(), query, { owner: "acme", n: 1 });
    expect(answer.data).toEqual({ repository: { here: { number: 1 }, gone: null, alsoGone: null } });
    expect(answer.errors).toEqual([
      {
        type: "NOT_FOUND",
        path: ["repository", "gone"],
        locations: [{ line: 4, column: 9 }],
        message: "Could not resolve to an Issue with the number of 99.",
      },
      {
        type: "NOT_FOUND",
        path: ["repository", "alsoGone"],
        locations: [{ line: 5, column: 9 }],
        message: "Could not resolve to a PullRequest with the number of 1.",
      },
    ]);
  });

  it("runs the operation that is named", async () => {
    const { world, asApp } = story.town;
    const query = "query A { viewer { login } } query B { viewer { databaseId } }";
    const answer = await executeGraphql(world, asApp(), { query, operationName: "A" });
    expect(answer).toEqual({ data: { viewer: { login: "cox[bot]" } } });
    const none = await executeGraphql(world, asApp(), { query, operationName: "C" });
    expect(none).toEqual({ errors: [{ message: 'No operation named "C"' }] });
  });

  it("may look at the schema", async () => {
    const { world, asApp } = story.town;
    const data = await tell(world, asApp(), '{ __type(name: "Reactor") { possibleTypes { name } } }');
    expect(at(data, "__type.possibleTypes")).toContainEqual({ name: "Bot" });
  });

  it("is told by name what GitHub has and the twin hasn't", async () => {
    const { world, asApp } = story.town;
    const query = `{ repository(owner: "acme", name: "tool") { name licenseInfo { name } issue(number: 1) { author { ... on Bot { id } } } } securityAdvisory(ghsaId: "x") { id } }`;
    const answer = await ask(world, asApp(), query);
    expect(answer.data).toMatchObject({
      repository: { name: "tool", licenseInfo: null },
      securityAdvisory: null,
    });
    expect(answer.errors).toMatchObject([
      {
        type: "NOT_IN_TWIN",
        path: ["repository", "licenseInfo"],
        message: "Repository.licenseInfo isn't in the twin",
      },
      {
        type: "NOT_IN_TWIN",
        path: ["securityAdvisory"],
        message: "Query.securityAdvisory isn't in the twin",
      },
    ]);
  });

  it("takes at most 100 node ids, and refuses each wrong one for itself", async () => {
    const { world, asApp } = story.town;
    const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }";
    const ids = Array.from({ length: 101 }, () => nodeId("Issue", story.issue.id));
    expect(await refusals(world, asApp(), query, { ids })).toEqual([
      {
        type: "ARGUMENT_LIMIT",
        path: ["nodes"],
        message: "You may not provide more than 100 node ids; you provided 101.",
      },
    ]);
    const answer = await ask(world, asApp(), query, { ids: [ids[0], "I_nonsense", nodeId("Issue", 1)] });
    expect(answer.data).toEqual({ nodes: [{ __typename: "Issue" }, null, null] });
    expect(answer.errors).toMatchObject([
      {
        type: "NOT_FOUND",
        path: ["nodes", 1],
        message: "Could not resolve to a node with the global id of 'I_nonsense'.",
      },
      { type: "NOT_FOUND", path: ["nodes", 2] },
    ]);
  });
});

describe("limits", () => {
  const deep = (issues: number) =>
    `{ repository(owner: "acme", name: "tool") { issues(first: ${issues}) { nodes { ...Deep } } } rateLimit { cost nodeCount } }
     fragment Deep on Issue { comments(first: 100) { nodes { reactions(last: 49) { nodes { id } } } } }`;

  it("counts what a query could ask for, through fragments", async () => {
    const { world, asApp } = story.town;
    // 99 issues, 9,900 comments, 485,100 reactions; in 1 + 99 + 9,900 requests.
    expect(await tell(world, asApp(), deep(99))).toMatchObject({
      rateLimit: { cost: 100, nodeCount: 495_099 },
    });
  });

  it("says by how much a query is too big", async () => {
    const { world, asApp } = story.town;
    expect(await ask(world, asApp(), deep(100))).toEqual({
      errors: [
        {
          type: "MAX_NODE_LIMIT_EXCEEDED",
          message:
            "This query requests up to 500,100 possible nodes which exceeds the maximum limit of 500,000.",
        },
      ],
    });
  });

  it("spends an hour's points, each viewer his own, and refuses when they are gone", async () => {
    const { world, as } = story.town;
    const query = "{ rateLimit { limit cost used remaining resetAt } }";
    const before = at(await tell(world, as("tom"), query), "rateLimit");
    expect(before).toMatchObject({ limit: 5000, cost: 1, used: 1, remaining: 4999 });
    for (let spent = 1; spent + 100 <= pointsPerHour; spent += 100) await tell(world, as("tom"), deep(99));
    expect(await refusals(world, as("tom"), deep(99))).toMatchObject([{ type: "RATE_LIMITED" }]);
    expect(at(await tell(world, as("mia"), query), "rateLimit")).toMatchObject({ used: 1 });
  });
});
