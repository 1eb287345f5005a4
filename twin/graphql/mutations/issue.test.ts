import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeId } from "../../nodeIds.ts";
import { at, perform, tell } from "../testing/answers.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const issueId = () => nodeId("Issue", story.issue.id);
const repositoryId = () => nodeId("Repository", story.town.repository.id);

/** What a query about the issue answers now. */
const seen = async (selection: string) => {
  const query = `{ node(id: "${nodeId("Issue", story.issue.id)}") { ... on Issue { ${selection} } } }`;
  return at(await tell(story.town.world, story.town.as("rex"), query), "node");
};

describe("about an issue", () => {
  it("adds, changes, hides and deletes a comment", async () => {
    const { asApp } = story.town;
    const payload =
      "subject { ... on Issue { number } } commentEdge { cursor node { id body author { __typename login } } }";
    const added = await perform(
      story.town.world,
      asApp(),
      "addComment",
      { subjectId: issueId(), body: "Hello" },
      payload,
    );
    expect(added).toMatchObject({
      subject: { number: 1 },
      commentEdge: { node: { body: "Hello", author: { __typename: "Bot", login: "cox" } } },
    });
    expect(await seen("comments(last: 1) { edges { cursor node { body } } }")).toEqual({
      comments: { edges: [{ cursor: at(added, "commentEdge.cursor"), node: { body: "Hello" } }] },
    });
    const id = at(added, "commentEdge.node.id");
    await perform(
      story.town.world,
      asApp(),
      "updateIssueComment",
      { id, body: "Hello again" },
      "issueComment { id }",
    );
    await perform(
      story.town.world,
      asApp(),
      "minimizeComment",
      { subjectId: id, classifier: "OFF_TOPIC" },
      "minimizedComment { isMinimized }",
    );
    expect(
      await seen(
        "comments(last: 1) { nodes { body isMinimized minimizedReason userContentEdits(first: 5) { nodes { diff } } } }",
      ),
    ).toEqual({
      comments: {
        nodes: [
          {
            body: "Hello again",
            isMinimized: true,
            minimizedReason: "off-topic",
            userContentEdits: { nodes: [{ diff: "Hello again" }, { diff: "Hello" }] },
          },
        ],
      },
    });
    await perform(story.town.world, asApp(), "deleteIssueComment", { id }, "");
    expect(await seen("comments(last: 1) { nodes { body } }")).toEqual({
      comments: { nodes: [{ body: "I'm on it." }] },
    });
  });

  it("reacts, once, and takes it back", async () => {
    const { as } = story.town;
    const input = { subjectId: issueId(), content: "HEART" };
    const payload =
      "reaction { content user { login } } reactionGroups { content viewerHasReacted reactors(first: 1) { totalCount } }";
    await perform(story.town.world, as("ann"), "addReaction", input, payload);
    const twice = await perform(story.town.world, as("ann"), "addReaction", input, payload);
    expect(twice).toMatchObject({ reaction: { content: "HEART", user: { login: "ann" } } });
    expect(at(twice, "reactionGroups")).toContainEqual({
      content: "HEART",
      viewerHasReacted: true,
      reactors: { totalCount: 1 },
    });
    const gone = await perform(story.town.world, as("ann"), "removeReaction", input, payload);
    expect(at(gone, "reactionGroups")).toContainEqual({
      content: "HEART",
      viewerHasReacted: false,
      reactors: { totalCount: 0 },
    });
  });

  it("makes a label, puts it on and takes it off", async () => {
    const { asApp } = story.town;
    const made = await perform(
      story.town.world,
      asApp(),
      "createLabel",
      { repositoryId: repositoryId(), name: "new", color: "ffffff" },
      "label { id }",
    );
    const input = { labelableId: issueId(), labelIds: [at(made, "label.id")] };
    await perform(story.town.world, asApp(), "addLabelsToLabelable", input, "labelable { __typename }");
    const labels =
      "labels(first: 9) { nodes { name } } timelineItems(last: 1, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) { nodes { __typename } }";
    expect(await seen(labels)).toEqual({
      labels: { nodes: [{ name: "bug" }, { name: "agent" }, { name: "help" }, { name: "new" }] },
      timelineItems: { nodes: [{ __typename: "LabeledEvent" }] },
    });
    await perform(story.town.world, asApp(), "removeLabelsFromLabelable", input, "labelable { __typename }");
    expect(await seen(labels)).toMatchObject({
      timelineItems: { nodes: [{ __typename: "UnlabeledEvent" }] },
    });
  });

  it("changes it, closes it for a reason and opens it again", async () => {
    const { as, asApp, world } = story.town;
    const label = [...world.state.labels.rows.values()].find((found) => found.name === "docs")!;
    const tom = as("tom");
    const input = {
      id: issueId(),
      title: "It is broken",
      labelIds: [nodeId("Label", label.id)],
      assigneeIds: [nodeId("User", tom.account.id)],
    };
    await perform(story.town.world, asApp(), "updateIssue", input, "issue { title } actor { login }");
    await perform(
      story.town.world,
      as("mia"),
      "closeIssue",
      { issueId: issueId(), stateReason: "NOT_PLANNED" },
      "issue { state }",
    );
    const state =
      "title state stateReason closed labels(first: 9) { nodes { name } } assignees(first: 9) { nodes { login } }";
    expect(await seen(state)).toEqual({
      title: "It is broken",
      state: "CLOSED",
      stateReason: "NOT_PLANNED",
      closed: true,
      labels: { nodes: [{ name: "docs" }] },
      assignees: { nodes: [{ login: "tom" }] },
    });
    await perform(story.town.world, as("mia"), "reopenIssue", { issueId: issueId() }, "issue { state }");
    expect(await seen("state stateReason")).toEqual({ state: "OPEN", stateReason: "REOPENED" });
  });
});
