import { describe, expect, test } from "vitest";

import {
  app,
  commentNode,
  issueFields,
  notFound,
  pullName,
  readOnly,
  ref,
  refused,
  repositoryFields,
} from "./madeUp.ts";
import { whole } from "./pager.ts";
import type { RepositoryFields } from "./readIssue.ts";
import { lookAt as lookWith, run, seenRun, snapshot, withState } from "./testLook.ts";
import type { Given } from "./testLook.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();
const lookAt = (fields: Partial<RepositoryFields>, given?: Given) => lookWith(redis(), fields, given);
const PERMISSION = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";

describe("a look at an issue", () => {
  test("that nobody started takes one call", async () => {
    const looked = await lookAt({
      labels: whole([
        { id: "LA_1", name: "agent: working" },
        { id: "LA_2", name: "agent: something else" },
      ]),
    });
    expect(looked.calls).toEqual(["LookIssue"]);
    expect(snapshot(looked)).toMatchObject({
      app,
      installationId: 1,
      repository: {
        id: 4711,
        owner: "acme",
        name: "shop",
        base: { branch: "main", sha: "b".repeat(40) },
        settings: { kind: "valid", settings: { label: "agent" } },
        labels: { "agent: working": "LA_1" },
      },
      issue: { number: 12 },
      status: { kind: "none" },
      branches: {},
      pulls: [],
      runs: [],
      model: "gpt",
    });
  });

  test("with a pull request takes a second call the first time, and one from then on", async () => {
    const fields = {
      issueOrPullRequest: withState({ revision: 3 }),
      refs: whole([ref("fix", [pullName()])]),
    };
    const pulls = { PR_13: { title: "Mend it" } };
    const first = await lookAt(fields, { pulls });
    expect(first.calls).toEqual(["LookIssue", "LookPulls"]);
    const second = await lookAt(fields, { pulls });
    expect(second.calls).toEqual(["LookIssue"]);
    expect(second.seen).toEqual(first.seen);
    expect(snapshot(second)).toMatchObject({
      status: {
        kind: "found",
        state: { revision: 3 },
        comment: { id: "90" },
        visible: "Working.",
        stale: false,
      },
      branches: { "agent/12/fix": "a".repeat(40) },
      pulls: [{ number: 13, title: "Mend it" }],
    });
  });

  test("in its second generation asks for that one's branches, and remembers to", async () => {
    const refs = whole([ref("fix"), ref("agent/12-2/docs")]);
    const fields = { issueOrPullRequest: withState({ generation: 2 }), refs: whole([ref("old")]) };
    const first = await lookAt(fields, {
      answers: ({ variables }) => {
        expect(variables).toEqual({ id: "R_1", branches: "refs/heads/agent/12-2/", after: null });
        return { node: { page: refs } };
      },
    });
    expect(first.calls).toEqual(["LookIssue", "NextRefs"]);
    expect(Object.keys(snapshot(first).branches)).toEqual(["agent/12-2/fix", "agent/12-2/docs"]);
    const second = await lookAt({ ...fields, refs });
    expect(second.calls).toEqual(["LookIssue"]);
    expect(second.seen).toEqual(first.seen);
  });

  test("finds the pull request of a branch that is gone", async () => {
    const ended = run({ end: { kind: "done", at: "2026-01-01T12:10:00Z" } });
    const looked = await lookAt(
      {
        issueOrPullRequest: withState({
          runs: [run({ purpose: "plan", task: "plan", end: ended.end }), ended],
        }),
      },
      {
        pulls: { PR_13: { state: "MERGED" } },
        answers: ({ variables }) => {
          expect(variables).toEqual({ repository: "R_1", branch: "agent/12/fix" });
          return { node: { pullRequests: whole([pullName()]) } };
        },
      },
    );
    expect(looked.calls).toEqual(["LookIssue", "LookBranch", "LookPulls"]);
    expect(snapshot(looked).pulls).toMatchObject([{ number: 13, state: "merged" }]);
  });

  test("doesn't look for a branch that a run is yet to push", async () => {
    expect((await lookAt({ issueOrPullRequest: withState({ runs: [run()] }) })).calls).toEqual(["LookIssue"]);
  });

  test("leaves out pull requests that aren't this app's, or come from elsewhere", async () => {
    const names = [
      pullName({ id: "PR_20", author: { kind: "User", login: "maria" } }),
      pullName({ id: "PR_21", isCrossRepository: true }),
      pullName({ id: "PR_22", headRefName: "agent/13/fix" }),
    ];
    const looked = await lookAt({ refs: whole([ref("fix", names)]) });
    expect(looked.calls).toEqual(["LookIssue"]);
    expect(snapshot(looked).pulls).toEqual([]);
  });

  test("reads on where a connection has another page", async () => {
    const more = { hasNextPage: true, endCursor: "c" };
    const looked = await lookAt(
      {
        issueOrPullRequest: {
          kind: "Issue",
          ...issueFields({ comments: { nodes: [commentNode(1)], pageInfo: more } }),
        },
      },
      {
        answers: ({ name, variables }) => {
          expect(variables["after"]).toBe("c");
          if (name === "NextComments") return { node: { page: whole([commentNode(2)]) } };
          return new Error(`nobody asked for ${name}`);
        },
      },
    );
    expect(looked.calls).toEqual(["LookIssue", "NextComments"]);
    expect(snapshot(looked).issue.comments.map((comment) => comment.id)).toEqual(["1", "2"]);
  });

  test("knows what runs, who follows it, and what it left", async () => {
    const failed = { kind: "failed" as const, say: "No model.", retry: true, tokens: 5 };
    const done = run({ name: "old", end: { kind: "nothing", at: "", say: "" } });
    const looked = await lookAt(
      {
        issueOrPullRequest: withState({
          runs: [done, run({ name: "cx-12-plan-1", purpose: "plan" }), run()],
        }),
      },
      {
        runs: [seenRun],
        followed: async (names) => {
          expect(names).toEqual(["cx-12-plan-1", "cx-12-implement-1"]);
          return ["cx-12-implement-1"];
        },
        result: async (name) => (name === "cx-12-plan-1" ? failed : null),
      },
    );
    expect(snapshot(looked)).toMatchObject({
      runs: [seenRun],
      followed: ["cx-12-implement-1"],
      results: { "cx-12-plan-1": failed },
    });
  });

  test("asks what those may do whose act counts", async () => {
    const looked = await lookAt(
      {},
      {
        actors: (bare) => [bare.issue.by.login],
        answers: ({ variables }) => {
          expect(variables).toEqual({ owner: "acme", repo: "shop", username: "maria" });
          return { permission: "write", role_name: "maintain" };
        },
      },
    );
    expect(looked.calls).toEqual(["LookIssue", PERMISSION]);
    expect(snapshot(looked).permissions).toEqual({ maria: "maintain" });
  });
});

describe("the settings", () => {
  const settings = async (file: RepositoryFields["settings"]) =>
    snapshot(await lookAt({ settings: file })).repository.settings;

  test("are the repository's", async () => {
    const file = { kind: "Blob" as const, text: "label: robots\n", isTruncated: false };
    expect(await settings(file)).toMatchObject({ kind: "valid", settings: { label: "robots" } });
  });

  test("may name what the app has", async () => {
    const named = async (image: string) => {
      const file = { kind: "Blob" as const, text: `image: ${image}\n`, isTruncated: false };
      const choices = { images: ["go", "node"], sizes: [] };
      return snapshot(await lookAt({ settings: file }, { choices })).repository.settings;
    };
    expect(await named("go")).toMatchObject({ kind: "valid", settings: { image: "go" } });
    expect(await named("rust")).toEqual({
      kind: "invalid",
      errors: ["Line 1: `image` must be one of `go`, `node`, or `null` for the app's default."],
    });
  });

  test.each([
    ["wrong", { kind: "Blob" as const, text: "labell: x", isTruncated: false }, "`labell` isn't a setting"],
    [
      "too long",
      { kind: "Blob" as const, text: "label: x", isTruncated: true },
      "`.github/coxswain.yml` is too long",
    ],
    [
      "binary",
      { kind: "Blob" as const, text: null, isTruncated: false },
      "`.github/coxswain.yml` is not a text",
    ],
    ["a folder", { kind: "Tree" as const }, "`.github/coxswain.yml` is not a file"],
  ])("are invalid when the file is %s", async (_, file, error) => {
    expect(await settings(file)).toEqual({ kind: "invalid", errors: [expect.stringContaining(error)] });
  });
});

describe("no issue", () => {
  test.each([
    ["of this repository", { isCrossRepository: false }, "agent/12/fix"],
    ["from a fork", { isCrossRepository: true }, null],
  ])("but a pull request %s", async (_, given, branch) => {
    const pull = { kind: "PullRequest" as const, headRefName: "agent/12/fix", ...given };
    const looked = await lookAt({ issueOrPullRequest: pull });
    expect(looked).toEqual({ seen: { kind: "pull", branch }, calls: ["LookIssue"] });
  });

  test("but nothing at all", async () => {
    expect((await lookAt({ issueOrPullRequest: null })).seen).toEqual({ kind: "notFound" });
  });
});

describe("an answer with errors", () => {
  const lookAgainst = (...answers: unknown[]) => {
    const github = readOnly(() => answers.shift());
    return { github, seen: lookAt({}, { github }) };
  };
  const fine = { repository: repositoryFields(), pulls: [], plan: [] };

  test("is not found, where the repository or the issue isn't", async () => {
    const { seen } = lookAgainst(notFound(["repository"]));
    expect((await seen).seen).toEqual({ kind: "notFound" });
  });

  test("of another kind is thrown, also if half of it came", async () => {
    const { seen } = lookAgainst(
      refused([
        { type: "NOT_FOUND", path: ["repository"] },
        { type: "FORBIDDEN", path: ["repository", "labels"] },
      ]),
    );
    await expect(seen).rejects.toThrow("no");
  });

  test("on a remembered pull request that is gone makes it ask without", async () => {
    await redis().set("coxswain:7:hints:acme/shop#12", '{"generation":1,"pulls":["PR_99"]}');
    const { seen, github } = lookAgainst(notFound(["pulls", "0"]), fine);
    expect(snapshot(await seen).pulls).toEqual([]);
    expect(github.calls).toEqual(["LookIssue", "LookIssue"]);
    expect(await redis().get("coxswain:7:hints:acme/shop#12")).toBe(
      '{"generation":1,"pulls":[],"plan":null}',
    );
  });
});
