import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createComment, deleteEdit, editComment } from "../../acts/comments.ts";
import { deleteLabel } from "../../acts/labels.ts";
import { nodeId } from "../../nodeIds.ts";
import { labelByName } from "../../store.ts";
import { at, tell } from "../testing/answers.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const ofIssue = async (selection: string, viewer = story.town.asApp()) => {
  const query = `{ repository(owner: "acme", name: "tool") { issue(number: 1) { ${selection} } } }`;
  return at(await tell(story.town.world, viewer, query), "repository.issue");
};

describe("an issue", () => {
  it("tells who wrote it, who commented, and how they stand to the repository", async () => {
    const selection = `author { __typename login ... on User { databaseId } } authorAssociation viewerDidAuthor
      comments(last: 2) { nodes { author { __typename login ... on Bot { id } } authorAssociation viewerDidAuthor url } }`;
    const rex = story.town.as("rex").account;
    const bot = story.town.asApp().account;
    expect(await ofIssue(selection)).toEqual({
      author: { __typename: "User", login: "rex", databaseId: rex.id },
      authorAssociation: "MEMBER",
      viewerDidAuthor: false,
      comments: {
        nodes: [
          {
            author: { __typename: "User", login: "mia" },
            authorAssociation: "MEMBER",
            viewerDidAuthor: false,
            url: expect.stringMatching(
              /^http:\/\/git\.test\/acme\/tool\/issues\/1#issuecomment-\d+$/,
            ) as string,
          },
          {
            author: { __typename: "Bot", login: "cox", id: nodeId("Bot", bot.id) },
            authorAssociation: "NONE",
            viewerDidAuthor: true,
            url: expect.any(String) as string,
          },
        ],
      },
    });
  });

  it("has an edit history, the newest first, with the whole text after each edit", async () => {
    const selection = `lastEditedAt editor { login } includesCreatedEdit
      comments(first: 2) { nodes { lastEditedAt editor { login } userContentEdits(first: 9) { totalCount nodes { diff editedAt editor { login } } } } }`;
    const found = await ofIssue(selection);
    expect(found).toMatchObject({
      editor: { login: "rex" },
      includesCreatedEdit: true,
      comments: {
        nodes: [
          {
            editor: { login: "ada" },
            userContentEdits: {
              totalCount: 3,
              nodes: [
                { diff: "First, mended twice", editor: { login: "ada" } },
                { diff: "First, mended", editor: { login: "mia" } },
                { diff: "First", editor: { login: "mia" } },
              ],
            },
          },
          { lastEditedAt: null, editor: null, userContentEdits: { totalCount: 0, nodes: [] } },
        ],
      },
    });
    expect(at(found, "comments.nodes.0.lastEditedAt")).toBe(
      at(found, "comments.nodes.0.userContentEdits.nodes.0.editedAt"),
    );
  });

  it("keeps a deleted edit's place, without its text", async () => {
    const { world, as } = story.town;
    const [comment] = [...world.state.comments.rows.values()].filter((each) => each.edits.length === 3);
    deleteEdit(world, as("ada"), comment!, comment!.edits[1]!.id);
    const selection = `comments(first: 1) { nodes { userContentEdits(first: 9) { nodes { diff deletedAt deletedBy { login } } } } }`;
    expect(at(await ofIssue(selection), "comments.nodes.0.userContentEdits.nodes")).toEqual([
      { diff: "First, mended twice", deletedAt: null, deletedBy: null },
      { diff: null, deletedAt: expect.stringMatching(/Z$/) as string, deletedBy: { login: "ada" } },
      { diff: "First", deletedAt: null, deletedBy: null },
    ]);
  });

  it("lists its reactions, where a bot is a reactor but no user", async () => {
    const selection = `reactions(first: 9) { totalCount viewerHasReacted nodes { content user { login } } }
      eyes: reactions(first: 9, content: EYES) { totalCount }
      reactionGroups { content viewerHasReacted users(first: 9) { nodes { login } } reactors(first: 9) { edges { node { __typename ... on Bot { login } } } } }`;
    const found = await ofIssue(selection);
    expect(found).toMatchObject({
      reactions: {
        totalCount: 4,
        viewerHasReacted: true,
        nodes: [
          { content: "THUMBS_UP", user: { login: "mia" } },
          { content: "THUMBS_UP", user: { login: "tom" } },
          { content: "THUMBS_UP", user: { login: "rex" } },
          { content: "EYES", user: null },
        ],
      },
      eyes: { totalCount: 1 },
    });
    const groups = at(found, "reactionGroups") as { content: string }[];
    expect(groups.map((group) => group.content)).toEqual([
      "THUMBS_UP",
      "THUMBS_DOWN",
      "LAUGH",
      "HOORAY",
      "CONFUSED",
      "HEART",
      "ROCKET",
      "EYES",
    ]);
    expect(groups.at(-1)).toEqual({
      content: "EYES",
      viewerHasReacted: true,
      users: { nodes: [] },
      reactors: { edges: [{ node: { __typename: "Bot", login: "cox" } }] },
    });
  });

  it("counts its last state reason as not planned for who doesn't know duplicates", async () => {
    story.issue.stateReason = "duplicate";
    expect(await ofIssue("stateReason known: stateReason(enableDuplicate: true)")).toEqual({
      stateReason: "NOT_PLANNED",
      known: "DUPLICATE",
    });
    story.issue.stateReason = "reopened";
  });

  it("shows comments and their edits as late as the twin is told to lag", async () => {
    const { world, as } = story.town;
    const selection =
      "comments(last: 1) { nodes { body } } timelineItems(last: 1, itemTypes: [ISSUE_COMMENT]) { nodes { ... on IssueComment { body } } }";
    const comment = createComment(world, as("mia"), story.issue, "Late");
    editComment(world, as("mia"), comment, "Later");
    const now = world.now();
    world.now = () => now;
    world.faults.readLagMs = now - comment.createdAt;
    const nodes = (body: string) => ({
      comments: { nodes: [{ body }] },
      timelineItems: { nodes: [{ body }] },
    });
    expect(await ofIssue(selection)).toEqual(nodes("Late"));
    world.faults.readLagMs += 1000;
    expect(await ofIssue(selection)).toEqual(nodes("I'm on it."));
    world.faults.readLagMs = 0;
    expect(await ofIssue(selection)).toEqual(nodes("Later"));
  });
});

describe("a timeline", () => {
  it("tells what happened, oldest first, each with who did it", async () => {
    const found = await ofIssue("timelineItems(first: 100) { totalCount updatedAt nodes { __typename } }");
    const names = (at(found, "timelineItems.nodes") as { __typename: string }[]).map(
      (node) => node.__typename,
    );
    expect(names.slice(0, 8)).toEqual([
      "LabeledEvent",
      "LabeledEvent",
      "LabeledEvent",
      "LabeledEvent",
      "UnlabeledEvent",
      "RenamedTitleEvent",
      "AssignedEvent",
      "AssignedEvent",
    ]);
    expect(names).toContain("CrossReferencedEvent");
  });

  it("is filtered by kind and time, and pages on from a cursor", async () => {
    const selection = (args: string) =>
      `timelineItems(${args}) { nodes { ... on LabeledEvent { actor { login } label { name } } ... on UnlabeledEvent { createdAt label { name } } } pageInfo { endCursor hasNextPage } }`;
    const kinds = "itemTypes: [LABELED_EVENT, UNLABELED_EVENT]";
    const first = await ofIssue(selection(`first: 2, ${kinds}`));
    expect(first).toMatchObject({
      timelineItems: {
        nodes: [
          { actor: { login: "mia" }, label: { name: "bug" } },
          { actor: { login: "mia" }, label: { name: "agent" } },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    const cursor = at(first, "timelineItems.pageInfo.endCursor") as string;
    const rest = at(
      await ofIssue(selection(`first: 9, ${kinds}, after: "${cursor}"`)),
      "timelineItems.nodes",
    ) as { label: { name: string }; createdAt?: string }[];
    expect(rest.map((node) => node.label.name)).toEqual(["help", "docs", "docs"]);
    const since = await ofIssue(selection(`first: 9, ${kinds}, since: "${rest[2]!.createdAt!}"`));
    expect(at(since, "timelineItems.nodes")).toEqual([rest[2]]);
  });

  it("still names a label that is gone", async () => {
    const { world, as, repository } = story.town;
    deleteLabel(world, as("ada"), labelByName(world.state, repository.id, "docs")!);
    const selection =
      "timelineItems(first: 1, itemTypes: [UNLABELED_EVENT]) { nodes { ... on UnlabeledEvent { label { name color } } } }";
    expect(at(await ofIssue(selection), "timelineItems.nodes")).toEqual([
      { label: { name: "docs", color: "d73a4a" } },
    ]);
  });

  it("of the mention says whether it will close", async () => {
    const selection =
      "timelineItems(first: 1, itemTypes: [CROSS_REFERENCED_EVENT]) { nodes { ... on CrossReferencedEvent { willCloseTarget source { ... on PullRequest { number } } target { ... on Issue { number } } } } }";
    expect(at(await ofIssue(selection), "timelineItems.nodes")).toEqual([
      { willCloseTarget: true, source: { number: 4 }, target: { number: 1 } },
    ]);
  });
});
