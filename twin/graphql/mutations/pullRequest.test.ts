import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyedNodeId, nodeId } from "../../nodeIds.ts";
import { issueOfPull } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { at, perform, refusals, tell } from "../testing/answers.ts";
import { branch, push } from "../testing/steps.ts";
import { tellStory } from "../testing/story.ts";
import type { Story } from "../testing/story.ts";
import { buildTown } from "../testing/town.ts";

let story: Story;
beforeAll(async () => {
  story = await tellStory(await buildTown());
});
afterAll(() => story.town.leave());

const pullId = () => nodeId("PullRequest", story.pull.id);
const repositoryId = () => nodeId("Repository", story.town.repository.id);

describe("about a pull request", () => {
  it("opens one, readies, updates and merges it", async () => {
    const { town } = story;
    await branch(town, "feature");
    await push(town, "feature", { "feature.txt": "new\n" });
    await push(town, "main", { "elsewhere.txt": "new\n" });
    const opened = await perform(
      story.town.world,
      town.asApp(),
      "createPullRequest",
      {
        repositoryId: repositoryId(),
        headRefName: "feature",
        baseRefName: "main",
        title: "Feature",
        body: "B",
        draft: true,
      },
      "pullRequest { id number isDraft mergeable mergeStateStatus author { login } }",
    );
    expect(opened).toMatchObject({
      pullRequest: {
        isDraft: true,
        mergeable: "MERGEABLE",
        mergeStateStatus: "DRAFT",
        author: { login: "cox" },
      },
    });
    const pullRequestId = at(opened, "pullRequest.id");
    await perform(
      story.town.world,
      town.asApp(),
      "updatePullRequest",
      { pullRequestId, title: "A feature" },
      "pullRequest { title }",
    );
    await perform(
      story.town.world,
      town.asApp(),
      "markPullRequestReadyForReview",
      { pullRequestId },
      "pullRequest { isDraft }",
    );
    await perform(
      story.town.world,
      town.asApp(),
      "updatePullRequestBranch",
      { pullRequestId },
      "pullRequest { headRefOid }",
    );
    const payload =
      "pullRequest { title state merged mergedBy { login } mergeCommit { message parents(first: 3) { totalCount } } }";
    const input = {
      pullRequestId,
      mergeMethod: "SQUASH",
      commitHeadline: "Squashed",
      commitBody: "All of it",
    };
    expect(await perform(story.town.world, town.as("mia"), "mergePullRequest", input, payload)).toMatchObject(
      {
        pullRequest: {
          title: "A feature",
          state: "MERGED",
          merged: true,
          mergedBy: { login: "mia" },
          mergeCommit: { message: "Squashed\n\nAll of it", parents: { totalCount: 1 } },
        },
      },
    );
  });

  it("closes, reopens, asks for reviews of exactly these", async () => {
    const { as, world } = story.town;
    await perform(
      story.town.world,
      as("mia"),
      "closePullRequest",
      { pullRequestId: pullId() },
      "pullRequest { state }",
    );
    const opened = await perform(
      story.town.world,
      as("mia"),
      "reopenPullRequest",
      { pullRequestId: pullId() },
      "pullRequest { state }",
    );
    expect(opened).toMatchObject({ pullRequest: { state: "OPEN" } });
    await perform(
      story.town.world,
      as("mia"),
      "convertPullRequestToDraft",
      { pullRequestId: pullId() },
      "pullRequest { isDraft }",
    );
    expect(story.pull.draft).toBe(true);
    const ids = ["ada", "tom"].map((login) => nodeId("User", as(login).account.id));
    const payload =
      "pullRequest { reviewRequests(first: 9) { nodes { requestedReviewer { ... on User { login } } } } }";
    const asked = await perform(
      story.town.world,
      as("mia"),
      "requestReviews",
      { pullRequestId: pullId(), userIds: ids },
      payload,
    );
    expect(at(asked, "pullRequest.reviewRequests.nodes")).toEqual([
      { requestedReviewer: { login: "ada" } },
      { requestedReviewer: { login: "tom" } },
    ]);
    const union = await perform(
      story.town.world,
      as("mia"),
      "requestReviews",
      {
        pullRequestId: pullId(),
        userIds: [nodeId("User", as("rex").account.id)],
        union: true,
      },
      payload,
    );
    expect(at(union, "pullRequest.reviewRequests.nodes")).toHaveLength(3);
    expect(childrenOf(world.state.timeline, issueOfPull(world.state, story.pull).id).at(-1)).toMatchObject({
      event: "review_requested",
    });
  });

  it("has no auto-merge", async () => {
    const { world, as } = story.town;
    const query = `mutation { enablePullRequestAutoMerge(input: { pullRequestId: "${pullId()}" }) { clientMutationId } }`;
    expect(await refusals(world, as("mia"), query)).toEqual([
      {
        type: "UNPROCESSABLE",
        path: ["enablePullRequestAutoMerge"],
        message: "Auto merge is not allowed for this repository",
      },
    ]);
  });

  it("keeps a review to its author until it is submitted", async () => {
    const { as, asApp, world } = story.town;
    const thread = await perform(
      story.town.world,
      asApp(),
      "addPullRequestReviewThread",
      { pullRequestId: pullId(), path: "src/b.ts", line: 2, body: "Hm" },
      "thread { id isResolved comments(first: 9) { nodes { state pullRequestReview { id } } } }",
    );
    expect(thread).toMatchObject({
      thread: { isResolved: false, comments: { nodes: [{ state: "PENDING" }] } },
    });
    const threads = `{ node(id: "${pullId()}") { ... on PullRequest { reviewThreads(last: 1) { totalCount nodes { path } } } } }`;
    expect(at(await tell(world, as("mia"), threads), "node.reviewThreads")).toEqual({
      totalCount: 3,
      nodes: [{ path: "src/a.ts" }],
    });
    expect(at(await tell(world, asApp(), threads), "node.reviewThreads")).toEqual({
      totalCount: 4,
      nodes: [{ path: "src/b.ts" }],
    });
    await perform(
      story.town.world,
      asApp(),
      "submitPullRequestReview",
      { pullRequestId: pullId(), event: "COMMENT", body: "So" },
      "pullRequestReview { state }",
    );
    expect(at(await tell(world, as("mia"), threads), "node.reviewThreads.totalCount")).toBe(4);
    const threadId = at(thread, "thread.id");
    const reply = await perform(
      story.town.world,
      as("mia"),
      "addPullRequestReviewThreadReply",
      { pullRequestReviewThreadId: threadId, body: "Yes?" },
      "comment { state replyTo { body } }",
    );
    expect(reply).toMatchObject({ comment: { state: "SUBMITTED", replyTo: { body: "Hm" } } });
  });

  it("reviews with threads at once, resolves and unresolves", async () => {
    const { as } = story.town;
    const input = {
      pullRequestId: pullId(),
      event: "REQUEST_CHANGES",
      body: "No",
      threads: [{ path: "src/a.ts", line: 12, startLine: 10, body: "This" }],
    };
    const payload =
      "pullRequestReview { state comments(first: 9) { nodes { body line startLine diffHunk } } }";
    const review = await perform(story.town.world, as("ada"), "addPullRequestReview", input, payload);
    expect(review).toMatchObject({
      pullRequestReview: {
        state: "CHANGES_REQUESTED",
        comments: { nodes: [{ body: "This", line: 12, startLine: 10 }] },
      },
    });
    const threadId = nodeId(
      "PullRequestReviewThread",
      [...story.town.world.state.threads.rows.keys()].at(-1)!,
    );
    expect(
      await perform(
        story.town.world,
        as("mia"),
        "resolveReviewThread",
        { threadId },
        "thread { isResolved isCollapsed resolvedBy { login } }",
      ),
    ).toMatchObject({
      thread: { isResolved: true, isCollapsed: true, resolvedBy: { login: "mia" } },
    });
    expect(
      await perform(
        story.town.world,
        as("mia"),
        "unresolveReviewThread",
        { threadId },
        "thread { isResolved resolvedBy { login } }",
      ),
    ).toMatchObject({
      thread: { isResolved: false, resolvedBy: null },
    });
  });
});

it("makes, moves and deletes a ref", async () => {
  const { asApp, world, repository } = story.town;
  const made = await perform(
    story.town.world,
    asApp(),
    "createRef",
    { repositoryId: repositoryId(), name: "refs/heads/made", oid: story.mainSha },
    "ref { id name prefix target { oid } }",
  );
  const refId = keyedNodeId("Ref", repository.id, "refs/heads/made");
  expect(made).toMatchObject({
    ref: { id: refId, name: "made", prefix: "refs/heads/", target: { oid: story.mainSha } },
  });
  const moved = await perform(
    story.town.world,
    asApp(),
    "updateRef",
    { refId, oid: story.pull.headSha, force: true },
    "ref { target { oid } }",
  );
  expect(moved).toMatchObject({ ref: { target: { oid: story.pull.headSha } } });
  await perform(story.town.world, asApp(), "deleteRef", { refId }, "");
  const query =
    '{ repository(owner: "acme", name: "tool") { ref(qualifiedName: "refs/heads/made") { id } } }';
  expect(await tell(world, asApp(), query)).toEqual({ repository: { ref: null } });
});
