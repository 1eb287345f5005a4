import type { GraphQLObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { githubSchema } from "../schema.ts";
import { tell } from "../testing/answers.ts";
import { everyField, nodesOf } from "../testing/nodes.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";
import { types } from "./index.ts";

const schema = githubSchema();

/** Types that have no node id, or none that leads back. */
const notNodes = ["Query", "Mutation", "ReactionGroup", "TreeEntry"];

it("the twin's types have only fields that GitHub has", () => {
  const unknown = Object.entries(types).flatMap(([name, fields]) => {
    const known = (schema.getType(name) as GraphQLObjectType).getFields();
    return Object.keys(fields)
      .filter((field) => !(field in known))
      .map((field) => `${name}.${field}`);
  });
  expect(unknown).toEqual([]);
});

describe("a node of each type", () => {
  let story: Story;
  let nodes: Map<string, string[]>;
  beforeAll(async () => {
    story = await tellStory(await buildTown());
    nodes = await nodesOf(story);
  });
  afterAll(() => story.town.leave());

  const names = Object.keys(types).filter((name) => !notNodes.includes(name));

  it.each(names)("%s: every field answers, and its id leads back to it", async (name) => {
    const ids = nodes.get(name) ?? [];
    expect(ids).not.toEqual([]);
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on ${name} { ${everyField(name)} } } }`;
    const answer = await tell(story.town.world, story.town.asApp(), query, { ids });
    const found = answer["nodes"] as { __typename: string; id: string }[];
    expect(found.map(({ __typename, id }) => ({ __typename, id }))).toEqual(
      ids.map((id) => ({ __typename: name, id })),
    );
  });
});
