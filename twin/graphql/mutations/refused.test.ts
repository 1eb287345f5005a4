import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeId } from "../../nodeIds.ts";
import { ask, at, refusals, tell } from "../testing/answers.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const issueId = () => nodeId("Issue", story.issue.id);
const pullId = () => nodeId("PullRequest", story.pull.id);
const repositoryId = () => nodeId("Repository", story.town.repository.id);

/** What a query about the issue answers now. */
const seen = async (selection: string) => {
  const query = `{ node(id: "${nodeId("Issue", story.issue.id)}") { ... on Issue { ${selection} } } }`;
  return at(await tell(story.town.world, story.town.as("rex"), query), "node");
};

describe("what is refused", () => {
  it("is refused for each mutation by itself; the others happen, in their order", async () => {
    const { world, asApp } = story.town;
    const comment = (alias: string, subject: string) =>
      `${alias}: addComment(input: { subjectId: "${subject}", body: "${alias}" }) { commentEdge { node { body } } }`;
    const query = `mutation { ${comment("a", issueId())} ${comment("b", "I_nonsense")} ${comment("c", issueId())} }`;
    const answer = await ask(world, asApp(), query);
    expect(answer.data).toMatchObject({
      a: { commentEdge: { node: { body: "a" } } },
      b: null,
      c: { commentEdge: { node: { body: "c" } } },
    });
    expect(answer.errors).toMatchObject([{ type: "NOT_FOUND", path: ["b"] }]);
    expect(await seen("comments(last: 2) { nodes { body } }")).toEqual({
      comments: { nodes: [{ body: "a" }, { body: "c" }] },
    });
  });

  it("a person is told which mutation, an app isn't", async () => {
    const { world, as, asApp } = story.town;
    const query = `mutation { mergePullRequest(input: { pullRequestId: "${pullId()}" }) { clientMutationId } }`;
    const path = ["mergePullRequest"];
    expect(await refusals(world, as("rex"), query)).toEqual([
      {
        type: "FORBIDDEN",
        path,
        message: "rex does not have the correct permissions to execute `MergePullRequest`",
      },
    ]);
    expect(await refusals(world, asApp({ metadata: "read", pull_requests: "write" }), query)).toEqual([
      { type: "FORBIDDEN", path, message: "Resource not accessible by integration" },
    ]);
  });

  it.each([
    ["addComment", "subjectId", "issues"],
    ["addReaction", "subjectId", "issues", ", content: EYES"],
    ["closeIssue", "issueId", "issues"],
    ["updateIssue", "id", "issues", ', title: "x"'],
  ])("%s takes write, not read", async (name, field, permission, more = "") => {
    const { world, asApp } = story.town;
    const body = name === "addComment" ? ', body: "x"' : more;
    const query = `mutation { ${name}(input: { ${field}: "${issueId()}"${body} }) { clientMutationId } }`;
    const refused = [{ type: "FORBIDDEN", path: [name], message: "Resource not accessible by integration" }];
    expect(await refusals(world, asApp({ metadata: "read", [permission]: "read" }), query)).toEqual(refused);
    expect(await refusals(world, asApp({ metadata: "read", [permission]: "write" }), query)).toEqual([]);
  });

  it("marking as ready takes contents: write", async () => {
    const { world, asApp } = story.town;
    const query = `mutation { markPullRequestReadyForReview(input: { pullRequestId: "${pullId()}" }) { clientMutationId } }`;
    expect(await refusals(world, asApp({ metadata: "read", pull_requests: "write" }), query)).toMatchObject([
      { type: "FORBIDDEN" },
    ]);
    expect(await refusals(world, asApp({ metadata: "read", contents: "write" }), query)).toEqual([]);
  });

  it.each([
    [
      "another type's id",
      () => `mutation { closeIssue(input: { issueId: "${pullId()}" }) { clientMutationId } }`,
      "NOT_FOUND",
      () => `Could not resolve to Issue node with the global id of '${pullId()}'.`,
    ],
    [
      "a blank comment",
      () => `mutation { addComment(input: { subjectId: "${issueId()}", body: " " }) { clientMutationId } }`,
      "UNPROCESSABLE",
      () => "body cannot be blank",
    ],
    [
      "a label that exists",
      () =>
        `mutation { createLabel(input: { repositoryId: "${repositoryId()}", name: "bug", color: "ffffff" }) { clientMutationId } }`,
      "UNPROCESSABLE",
      () => "Name has already been taken",
    ],
    [
      "a pull request without commits",
      () =>
        `mutation { createPullRequest(input: { repositoryId: "${repositoryId()}", title: "x", headRefName: "next", baseRefName: "main" }) { clientMutationId } }`,
      "UNPROCESSABLE",
      () => "No commits between main and next",
    ],
  ])("%s", async (_what, query, type, message) => {
    const { world, as } = story.town;
    expect(await refusals(world, as("mia"), query())).toMatchObject([{ type, message: message() }]);
  });

  it("a payload's connection without boundaries, though the comment is written", async () => {
    const { world, asApp } = story.town;
    const query = `mutation { addComment(input: { subjectId: "${issueId()}", body: "Written" }) { subject { ... on Issue { comments { nodes { id } } } } } }`;
    expect(await refusals(world, asApp(), query)).toMatchObject([
      { type: "MISSING_PAGINATION_BOUNDARIES", path: ["addComment", "subject", "comments"] },
    ]);
    expect(await seen("comments(last: 1) { nodes { body } }")).toEqual({
      comments: { nodes: [{ body: "Written" }] },
    });
  });
});
