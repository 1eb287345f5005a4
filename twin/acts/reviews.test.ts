import type { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asAppOctokit, setStage, withToken } from "../stage.ts";
import { childrenOf } from "../table.ts";

const lines = (change: Record<number, string> = {}) =>
  Array.from({ length: 20 }, (_, index) => change[index + 1] ?? `line ${index + 1}`).join("\n");

type Stage = Awaited<ReturnType<typeof setStage>>;
let stage: Stage;
let mona: Octokit;
let bot: Octokit;
let at: { owner: string; repo: string; pull_number: number };
beforeEach(async () => {
  stage = await setStage({ files: { "text.txt": lines() } });
  mona = withToken(stage.twin, stage.people.mona.token);
  bot = asAppOctokit(stage.twin, stage.app, stage.installation.id);
  const { data: main } = await bot.rest.git.getRef({ ...stage.at, ref: "heads/main" });
  await bot.rest.git.createRef({ ...stage.at, ref: "refs/heads/work", sha: main.object.sha });
  await write(lines({ 10: "changed" }));
  const { data } = await bot.rest.pulls.create({ ...stage.at, title: "Change", head: "work", base: "main" });
  at = { ...stage.at, pull_number: data.number };
  await told();
});
afterEach(() => stage.close());

async function write(text: string): Promise<void> {
  const { data } = await bot.rest.repos.getContent({ ...stage.at, path: "text.txt", ref: "work" });
  const { sha } = data as { sha: string };
  const content = Buffer.from(text).toString("base64");
  await bot.rest.repos.createOrUpdateFileContents({
    ...stage.at,
    path: "text.txt",
    branch: "work",
    message: "Write",
    content,
    sha,
  });
}

async function told(): Promise<string[]> {
  await stage.twin.idle();
  const names = stage.receiver.names();
  stage.receiver.received.length = 0;
  return names;
}

async function head(): Promise<string> {
  return (await mona.rest.pulls.get(at)).data.head.sha;
}

describe("a review", () => {
  test("with comments on lines is told at once, as a whole and comment by comment", async () => {
    const { data } = await mona.rest.pulls.createReview({
      ...at,
      event: "REQUEST_CHANGES",
      body: "Not yet",
      comments: [{ path: "text.txt", line: 10, body: "Why?" }],
    });
    expect(data).toMatchObject({ state: "CHANGES_REQUESTED", body: "Not yet", user: { login: "mona" } });
    expect(await told()).toEqual(["pull_request_review.submitted", "pull_request_review_comment.created"]);
    const { data: comments } = await bot.rest.pulls.listReviewComments(at);
    expect(comments).toMatchObject([
      {
        path: "text.txt",
        line: 10,
        side: "RIGHT",
        body: "Why?",
        diff_hunk: expect.stringContaining("+changed"),
      },
    ]);
  });

  test("is its author's alone until it is submitted", async () => {
    const { data } = await mona.rest.pulls.createReview({
      ...at,
      comments: [{ path: "text.txt", line: 10, body: "Why?" }],
    });
    expect(data.state).toBe("PENDING");
    expect((await bot.rest.pulls.listReviews(at)).data).toEqual([]);
    expect((await bot.rest.pulls.listReviewComments(at)).data).toEqual([]);
    expect(await told()).toEqual([]);
    await mona.rest.pulls.submitReview({ ...at, review_id: data.id, event: "COMMENT" });
    expect((await bot.rest.pulls.listReviews(at)).data).toMatchObject([{ state: "COMMENTED" }]);
    expect(await told()).toEqual(["pull_request_review.submitted", "pull_request_review_comment.created"]);
  });

  test("of one's own work can't approve it", async () => {
    await expect(bot.rest.pulls.createReview({ ...at, event: "APPROVE" })).rejects.toThrow(
      "Can not approve your own pull request",
    );
    await expect(bot.rest.pulls.createReview({ ...at, event: "REQUEST_CHANGES", body: "x" })).rejects.toThrow(
      "Can not request changes on your own pull request",
    );
    await bot.rest.pulls.createReview({ ...at, event: "COMMENT", body: "Looks fine to me" });
  });

  test("can be dismissed by who may write", async () => {
    const { data } = await mona.rest.pulls.createReview({ ...at, event: "APPROVE" });
    const rita = withToken(stage.twin, stage.people.rita.token);
    const dismiss = (by: Octokit) =>
      by.rest.pulls.dismissReview({ ...at, review_id: data.id, message: "Changed" });
    await expect(dismiss(rita)).rejects.toMatchObject({ status: 403 });
    expect((await dismiss(mona)).data.state).toBe("DISMISSED");
  });
});

describe("a comment on a line", () => {
  const comment = async (line: number, body = "Why?") =>
    (
      await mona.rest.pulls.createReviewComment({
        ...at,
        path: "text.txt",
        line,
        body,
        commit_id: await head(),
      })
    ).data;

  test("is answered in its thread", async () => {
    const first = await comment(10);
    const { data: answer } = await bot.rest.pulls.createReplyForReviewComment({
      ...at,
      comment_id: first.id,
      body: "Because",
    });
    expect(answer).toMatchObject({ in_reply_to_id: first.id, path: "text.txt", line: 10 });
    expect(childrenOf(stage.world.state.threads, [...stage.world.state.pulls.rows.keys()][0]!)).toHaveLength(
      1,
    );
  });

  test("must be where the diff shows something", async () => {
    await expect(comment(1)).rejects.toMatchObject({ status: 422 });
    await expect(
      mona.rest.pulls.createReviewComment({
        ...at,
        path: "none.txt",
        line: 1,
        body: "x",
        commit_id: await head(),
      }),
    ).rejects.toMatchObject({ status: 422 });
  });

  test("moves with its line, and is outdated once the line is changed", async () => {
    const { id } = await comment(10);
    const line = async () =>
      (await bot.rest.pulls.getReviewComment({ ...stage.at, comment_id: id })).data.line;
    await write(`one more\n${lines({ 10: "changed" })}`);
    expect(await line()).toBe(11);
    await write(`one more\n${lines({ 10: "changed again" })}`);
    expect(await line()).toBeNull();
    expect((await bot.rest.pulls.getReviewComment({ ...stage.at, comment_id: id })).data.original_line).toBe(
      10,
    );
  });

  test("can be edited and deleted, which is told", async () => {
    const { id } = await comment(10);
    await told();
    await mona.rest.pulls.updateReviewComment({ ...stage.at, comment_id: id, body: "How?" });
    await mona.rest.pulls.deleteReviewComment({ ...stage.at, comment_id: id });
    expect(await told()).toEqual([
      "pull_request_review_comment.edited",
      "pull_request_review_comment.deleted",
    ]);
  });
});
