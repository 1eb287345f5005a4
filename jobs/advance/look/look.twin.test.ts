import { readFile } from "node:fs/promises";

import { Octokit } from "@octokit/rest";
import { Probot, ProbotOctokit } from "probot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { installation } from "../../../app/github.ts";
import type { Installation } from "../../../app/github.ts";
import { createRepository } from "../../../twin/setup/repositories.ts";
import { installApp, registerApp } from "../../../twin/setup/apps.ts";
import type { Manifest } from "../../../twin/setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../../../twin/setup/people.ts";
import { startTwin } from "../../../twin/twin.ts";
import type { Twin } from "../../../twin/twin.ts";
import type { Snapshot } from "../decide/snapshot.ts";
import { firstState } from "../decide/state.ts";
import type { State } from "../decide/state.ts";
import { printStatus } from "../statusComment.ts";
import { look } from "./look.ts";
import type { NoIssue } from "./look.ts";
import { listing } from "./testLook.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();
const repo = { owner: "acme", repo: "shop" };
const KEY = Buffer.alloc(32, 1);

type Api = Octokit["rest"];

let twin: Twin;
let maria: Api;
let tom: Api;
let bot: Api;
let ci: Api;
let github: Installation;
let app: { id: number; slug: string };
let repositoryId: number;

beforeAll(async () => {
  twin = await startTwin();
  const { world } = twin;
  const acme = createAccount(world, { login: "acme", type: "Organization", name: null });
  const files = { "README.md": "# Shop\n", ".github/coxswain.yml": "label: robots\n" };
  const repository = await createRepository(world, { owner: acme, name: "shop", files });
  repositoryId = repository.id;
  const person = (login: string, level: "maintain" | "read"): Api => {
    const { account, token } = createPerson(world, login);
    setLevel(world, repository, { accountId: account.id, level });
    return new Octokit({ auth: token, baseUrl: world.urls.api }).rest;
  };
  maria = person("maria", "maintain");
  tom = person("tom", "read");
  const installed = async (manifest: Manifest) => {
    const registered = registerApp(world, { manifest, owner: acme });
    const { id } = installApp(world, { app: registered.app, account: acme, repositories: "all" });
    const probot = new Probot({
      appId: registered.app.id,
      privateKey: registered.privateKey,
      secret: registered.webhookSecret,
      baseUrl: world.urls.api,
      logLevel: "fatal",
      Octokit: ProbotOctokit.defaults((given: object) => ({ ...given, throttle: { enabled: false } })),
    });
    const octokit = await probot.auth(id);
    return {
      rest: octokit.rest,
      app: registered.app,
      github: installation(id, octokit, { take: async () => {} }),
    };
  };
  const manifest = parse(await readFile(new URL("../../../app.yml", import.meta.url), "utf8")) as Manifest;
  const ours = await installed(manifest);
  ({ rest: bot, github, app } = ours);
  ci = (
    await installed({ name: "GitHub Actions", default_permissions: { checks: "write", statuses: "write" } })
  ).rest;
});
afterAll(() => twin.close());

async function lookAt(number: number, actors = ["maria", "tom", "nobody"]): Promise<Snapshot | NoIssue> {
  return look(
    { kind: "issue", installationId: github.id, owner: "acme", name: "shop", number },
    {
      github,
      redis: redis(),
      prefix: `coxswain:${app.id}`,
      cluster: listing([], { repositoryId, issue: number }),
      app,
      stateKey: KEY,
      model: "gpt",
      choices: null,
      followed: async () => [],
      result: async () => null,
      room: async () => 4,
      actors: () => actors,
      approvers: () => [],
    },
  );
}

/** An issue with a status comment. */
async function issueWith(state: Partial<State>): Promise<number> {
  const number = await issue("It breaks");
  const home = { appId: app.id, repositoryId, issue: number, key: KEY };
  const body = printStatus({ ...home, visible: "Working.", state: { ...firstState(), ...state } });
  await bot.issues.createComment({ ...repo, issue_number: number, body });
  return number;
}

const issue = async (title: string, body = "Always."): Promise<number> =>
  (await maria.issues.create({ ...repo, title, body })).data.number;

describe("a look at the twin", () => {
  test("sees what people did to an issue, and what they may do", async () => {
    const number = await issue("It brakes", "Always.\r\nHere too.");
    twin.advance(1000);
    await maria.issues.addLabels({ ...repo, issue_number: number, labels: ["robots"] });
    twin.advance(1000);
    await maria.issues.update({ ...repo, issue_number: number, title: "It breaks" });
    twin.advance(1000);
    await maria.issues.update({ ...repo, issue_number: number, body: "Sometimes." });
    twin.advance(1000);
    const said = await tom.issues.createComment({ ...repo, issue_number: number, body: "Me too" });
    await bot.reactions.createForIssueComment({ ...repo, comment_id: said.data.id, content: "eyes" });
    expect(await lookAt(number)).toMatchObject({
      repository: {
        id: repositoryId,
        owner: "acme",
        name: "shop",
        base: { branch: "main", sha: expect.stringMatching(/^[0-9a-f]{40}$/) },
        settings: { kind: "valid", settings: { label: "robots" } },
      },
      issue: {
        title: "It breaks",
        body: "Sometimes.",
        by: { login: "maria", bot: false },
        open: true,
        labels: ["robots"],
        events: [
          { kind: "labeled", label: "robots", by: { login: "maria" } },
          { kind: "renamed", from: "It brakes", to: "It breaks" },
        ],
        edits: [{ text: "Always.\nHere too." }, { text: "Sometimes.", by: { login: "maria" } }],
        comments: [
          { id: String(said.data.id), body: "Me too", by: { login: "tom" }, ours: false, reacted: ["EYES"] },
        ],
      },
      status: { kind: "none" },
      branches: {},
      pulls: [],
      permissions: { maria: "maintain", tom: "read", nobody: "none" },
    });
  });

  test("sees the state, the branch and the pull request with what was said of it", async () => {
    const number = await issueWith({ revision: 2 });
    const pull = await openPull(`agent/${number}/fix`);
    await maria.pulls.createReview({
      ...repo,
      pull_number: pull.number,
      event: "REQUEST_CHANGES",
      body: "Not yet.",
      comments: [{ path: `agent/${number}/fix.txt`, line: 1, body: "Why?" }],
    });
    await maria.issues.createComment({ ...repo, issue_number: pull.number, body: "@coxswain hurry" });
    const run = await failedRun(pull.head);
    await ci.repos.createCommitStatus({ ...repo, sha: pull.head, state: "pending", context: "deploy" });

    const seen = await lookAt(number);
    expect(seen).toMatchObject({
      status: {
        kind: "found",
        state: { revision: 2 },
        visible: "Working.",
        stale: false,
        comment: { ours: true },
      },
      branches: { [`agent/${number}/fix`]: pull.head },
      pulls: [
        {
          number: pull.number,
          branch: `agent/${number}/fix`,
          base: "main",
          state: "open",
          head: pull.head,
          mergeable: "mergeable",
          comments: [{ body: "@coxswain hurry" }],
          reviews: [{ state: "CHANGES_REQUESTED", body: "Not yet.", comments: 1, ours: false }],
          threads: [{ path: `agent/${number}/fix.txt`, line: 1, comments: [{ body: "Why?" }] }],
          requested: ["tom"],
        },
      ],
    });
    const [seenPull] = (seen as Snapshot).pulls;
    expect(seenPull?.threads[0]?.comments[0]?.reviewId).toBe(seenPull?.reviews[0]?.id);
    expect(seenPull?.checks).toEqual([
      {
        kind: "run",
        id: `cr${run}`,
        name: "test",
        app: "github-actions",
        ended: true,
        failed: true,
        url: expect.any(String),
        output: "1 of 3 failed\n\nThe sum is wrong.",
        annotations: [{ path: "fix.txt", line: 1, message: "expected 3" }],
      },
      expect.objectContaining({ kind: "status", id: "st:deploy", ended: false, app: "github-actions" }),
    ]);
  });

  test("takes one call once it knows the pull request", async () => {
    const number = await issue("It breaks");
    const pull = await openPull(`agent/${number}/fix`);
    await failedRun(pull.head);
    const first = await lookAt(number, []);
    expect((first as Snapshot).pulls[0]?.checks[0]).toMatchObject({ failed: true });
    twin.calls.length = 0;
    expect(await lookAt(number, [])).toEqual(first);
    expect(twin.calls.map((call) => call.route)).toEqual(["POST /graphql"]);
  });

  test("finds a merged pull request whose branch is gone, though Redis forgot it", async () => {
    const end = { kind: "done" as const, at: "2026-01-01T12:00:00Z" };
    const run = {
      name: "cx-1",
      purpose: "implement" as const,
      task: "fix",
      attempt: 1,
      at: end.at,
      takes: [],
    };
    const number = await issueWith({ runs: [{ ...run, tokens: 1, end }] });
    const branch = `agent/${number}/fix`;
    const pull = await openPull(branch);
    await maria.pulls.merge({ ...repo, pull_number: pull.number });
    await bot.git.deleteRef({ ...repo, ref: `heads/${branch}` });
    expect(await lookAt(number)).toMatchObject({
      branches: {},
      pulls: [{ number: pull.number, state: "merged", ended: { by: { login: "maria", bot: false } } }],
    });
  });

  test("sees the plan comment, who changed it and who gave it a thumb", async () => {
    const proposal = {
      number: 1,
      plan: { summary: "", tasks: [] },
      at: "2026-01-01T00:00:00Z",
      edited: false,
    };
    const number = await issueWith({ proposal });
    const body = `<!-- coxswain:${app.id}:plan:1.1 -->\nThe plan`;
    const plan = await bot.issues.createComment({ ...repo, issue_number: number, body });
    const comment_id = plan.data.id;
    await tom.reactions.createForIssueComment({ ...repo, comment_id, content: "-1" });
    twin.advance(1000);
    await maria.issues.updateComment({ ...repo, comment_id, body: `${body}, mended` });
    twin.advance(1000);
    await maria.reactions.createForIssueComment({ ...repo, comment_id, content: "+1" });
    await bot.reactions.createForIssueComment({ ...repo, comment_id, content: "+1" });
    expect(await lookAt(number)).toMatchObject({
      planComment: {
        comment: { id: String(comment_id), ours: true, marker: "plan:1.1", editedBy: { login: "maria" } },
        edits: [
          { by: { login: app.slug, bot: true }, text: body },
          { by: { login: "maria", bot: false }, text: `${body}, mended` },
        ],
        thumbs: [
          { up: false, by: { login: "tom", bot: false } },
          { up: true, by: { login: "maria", bot: false } },
          { up: true, by: { login: "ghost" } },
        ],
      },
    });
  });

  test("reads more than a page of comments", async () => {
    const number = await issue("A long talk");
    for (let at = 0; at < 105; at++)
      await maria.issues.createComment({ ...repo, issue_number: number, body: `Comment ${at}` });
    const { issue: seen } = (await lookAt(number)) as Snapshot;
    expect(seen.comments.map((comment) => comment.body)).toEqual(
      Array.from({ length: 105 }, (_, at) => `Comment ${at}`),
    );
  });

  test("tells a pull request and nothing from an issue, and forgets a pull request that is no more", async () => {
    const number = await issue("It breaks");
    const pull = await openPull(`agent/${number}/fix`);
    expect(await lookAt(pull.number)).toEqual({ kind: "pull", branch: `agent/${number}/fix` });
    expect(await lookAt(99_999)).toEqual({ kind: "notFound" });
    const hints = JSON.stringify({ generation: 1, pulls: ["PR_bm9uZQ"] });
    await redis().set(`coxswain:${app.id}:hints:acme/shop#${number}`, hints);
    expect(await lookAt(number)).toMatchObject({ pulls: [{ number: pull.number }] });
  });
});

/** A pull request of the app from a new branch, with tom asked for his review. */
async function openPull(branch: string): Promise<{ number: number; head: string }> {
  const main = await bot.git.getRef({ ...repo, ref: "heads/main" });
  await bot.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha: main.data.object.sha });
  const content = Buffer.from("mended\n").toString("base64");
  const file = { path: `${branch}.txt`, message: "Mend it", content };
  await bot.repos.createOrUpdateFileContents({ ...repo, branch, ...file });
  const { data } = await bot.pulls.create({
    ...repo,
    title: "Mend it",
    head: branch,
    base: "main",
    body: "",
  });
  await bot.pulls.requestReviewers({ ...repo, pull_number: data.number, reviewers: ["tom"] });
  return { number: data.number, head: data.head.sha };
}

/** A failed check run of CI; returns its id. */
async function failedRun(head_sha: string): Promise<number> {
  const where = { path: "fix.txt", start_line: 1, end_line: 1, annotation_level: "failure" as const };
  const { data } = await ci.checks.create({
    ...repo,
    name: "test",
    head_sha,
    status: "completed",
    conclusion: "failure",
    output: {
      title: "1 of 3 failed",
      summary: "The sum is wrong.",
      annotations: [{ ...where, message: "expected 3" }],
    },
  });
  return data.id;
}
