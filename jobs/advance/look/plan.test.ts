import { describe, expect, test } from "vitest";

import { addRefusal } from "../refusals.ts";
import { firstState } from "../decide/state.ts";
import type { State } from "../decide/state.ts";
import {
  at,
  commentNode,
  commits,
  maria,
  notFound,
  pullName,
  readOnly,
  ref,
  repositoryFields,
  us,
} from "./madeUp.ts";
import { whole } from "./pager.ts";
import type { NodeOf } from "./pager.ts";
import { lookAt as lookWith, run, seenRun, snapshot, withState } from "./testLook.ts";
import type { Given } from "./testLook.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();

const proposal = { number: 2, plan: { summary: "", tasks: [] }, at: at(4), edited: false };
const body = (key: string): string => `<!-- coxswain:7:${key} -->\nThe plan`;
const planComment = commentNode(4, { author: us, body: body("plan:1.2") });

/** A look at an issue whose state has that proposal, and whose comments are these. */
const lookAt = (comments = [planComment], given: Given = {}, state: Partial<State> = { proposal }) =>
  lookWith(redis(), { issueOrPullRequest: withState({ ...firstState(), ...state }, comments) }, given);

const thumb = (id: number, user: { login: string } | null = maria): NodeOf<"reactions"> => ({
  id: `REA_${id}`,
  createdAt: at(id),
  user: user && { kind: "User", login: user.login },
});
const edit = (minute: number, diff: string | null, editor = maria): NodeOf<"edits"> => ({
  editedAt: at(minute),
  deletedAt: null,
  diff,
  editor,
});

describe("the plan comment", () => {
  const plans = {
    IC_4: {
      userContentEdits: whole([edit(9, "Mine"), edit(4, "The plan", us)]),
      up: whole([thumb(12), thumb(6, null)]),
      down: whole([thumb(8)]),
    },
  };
  const mona = { login: "maria", bot: false };

  test("comes with its edits and its thumbs, oldest first: in a call of its own, and in the one from then on", async () => {
    const first = await lookAt([planComment], { plans });
    expect(first.calls).toEqual(["LookIssue", "LookPlan"]);
    expect(snapshot(first).planComment).toMatchObject({
      comment: { id: "4", marker: "plan:1.2" },
      edits: [
        { by: { login: "coxswain", bot: true }, at: new Date(at(4)), text: "The plan" },
        { by: mona, at: new Date(at(9)), text: "Mine" },
      ],
      thumbs: [
        { id: "REA_6", up: true, by: { login: "ghost", bot: false }, at: new Date(at(6)) },
        { id: "REA_8", up: false, by: mona },
        { id: "REA_12", up: true, by: mona },
      ],
    });
    const second = await lookAt([planComment], { plans });
    expect(second.calls).toEqual(["LookIssue"]);
    expect(second.seen).toEqual(first.seen);
  });

  test("that nobody edited has its text as its only entry", async () => {
    const looked = await lookAt([planComment], { plans: { IC_4: {} } });
    expect(snapshot(looked).planComment).toMatchObject({
      edits: [{ by: { login: "coxswain", bot: true }, at: new Date(at(4)), text: body("plan:1.2") }],
      thumbs: [],
    });
  });

  test("that was edited in the second in which it was posted has these in their order", async () => {
    const edits = whole([edit(4, "Mine"), edit(4, "The plan", us)]);
    const looked = await lookAt([planComment], { plans: { IC_4: { userContentEdits: edits } } });
    expect(snapshot(looked).planComment).toMatchObject({ edits: [{ text: "The plan" }, { text: "Mine" }] });
  });

  test("is read to its end", async () => {
    const more = { hasNextPage: true, endCursor: "c" };
    const page = <T>(node: T) => ({ nodes: [node], pageInfo: more });
    const asked: unknown[] = [];
    const looked = await lookAt([planComment], {
      plans: { IC_4: { userContentEdits: page(edit(4, "One")), up: page(thumb(5)), down: page(thumb(6)) } },
      answers: ({ name, variables }) => {
        asked.push({ name, ...variables });
        const node =
          name === "NextEdits" ? edit(7, "Two") : thumb(variables["content"] === "THUMBS_UP" ? 8 : 9);
        return { node: { page: whole([node]) } };
      },
    });
    expect(asked).toEqual([
      { name: "NextEdits", id: "IC_4", after: "c" },
      { name: "NextReactions", id: "IC_4", content: "THUMBS_UP", after: "c" },
      { name: "NextReactions", id: "IC_4", content: "THUMBS_DOWN", after: "c" },
    ]);
    expect(snapshot(looked).planComment).toMatchObject({
      edits: [{ text: "One" }, { text: "Two" }],
      thumbs: [{ id: "REA_5" }, { id: "REA_6" }, { id: "REA_8" }, { id: "REA_9" }],
    });
  });

  test.each<[string, Parameters<typeof commentNode>[1], Partial<State>]>([
    ["there is no proposal", {}, { proposal: null }],
    ["it shows another plan", { body: body("plan:1.1") }, { proposal }],
    ["it is of another generation", { body: body("plan:2.2") }, { proposal }],
    ["a person wrote it", { author: maria }, { proposal }],
  ])("is null where %s", async (_, given, state) => {
    const looked = await lookAt([commentNode(4, { ...planComment, ...given })], { plans }, state);
    expect(snapshot(looked).planComment).toBeNull();
    expect(looked.calls).toEqual(["LookIssue"]);
  });

  test("is null where it was deleted while it was looked at", async () => {
    const looked = await lookAt([planComment], { answers: () => notFound(["plan", "0"]) });
    expect(snapshot(looked).planComment).toBeNull();
  });

  test("is looked for again where the remembered one was deleted", async () => {
    await lookAt([planComment], { plans });
    const refusals = [notFound(["plan", "0"])];
    const github = readOnly(
      () =>
        refusals.shift() ?? {
          repository: repositoryFields({ issueOrPullRequest: withState({ proposal }) }),
          pulls: [],
          plan: [],
        },
    );
    expect(snapshot(await lookAt([], { github })).planComment).toBeNull();
    expect(github.calls).toEqual(["LookIssue", "LookIssue"]);
  });

  test("is the older of two with one marker", async () => {
    const twin = commentNode(5, { author: us, body: body("plan:1.2") });
    const looked = await lookAt([planComment, twin], { plans: { IC_4: {}, IC_5: {} } });
    expect(snapshot(looked).planComment?.comment.id).toBe("4");
  });
});

describe("beside it a look tells", () => {
  test("what may approve, asked for anew", async () => {
    let level = "write";
    const answers = () => ({ permission: level, role_name: level });
    const given = {
      plans: { IC_4: {} },
      answers,
      actors: () => ["maria", "tom"],
      approvers: () => ["maria"],
    };
    expect(snapshot(await lookAt([planComment], given)).permissions).toEqual({
      maria: "write",
      tom: "write",
    });
    level = "none";
    expect(snapshot(await lookAt([planComment], given)).permissions).toEqual({ maria: "none", tom: "write" });
  });

  test("how many runs there is room for beside those that the state began and that haven't ended", async () => {
    const asked: unknown[] = [];
    const state = [
      run({ purpose: "plan", name: "plan" }),
      run({ name: "old", end: { kind: "stopped", at: "" } }),
      ...["coming", "running", "crashed", "unstartable"].map((name) => run({ name })),
    ];
    const room: Given["room"] = async ({ subject, repository, begun }) => {
      asked.push(subject.number, repository.id, begun);
      return 3;
    };
    const lost = { kind: "lost" as const, at: new Date(0), say: "It crashed.", reason: "crashed" as const };
    const runs = [
      { ...seenRun, name: "running" },
      { ...seenRun, name: "crashed", state: lost },
    ];
    const failed = { kind: "failed" as const, say: "No pod.", retry: true, tokens: 0 };
    const result: Given["result"] = async (name) => (name === "unstartable" ? failed : null);
    expect(snapshot(await lookAt([], { room, runs, result }, { runs: state })).room).toBe(3);
    expect(asked).toEqual([12, 4711, ["coming", "running"]]);
  });

  test("what GitHub refused to merge, while that is the newest commit", async () => {
    const [head, now] = ["f".repeat(40), new Date(0)];
    const of = { prefix: "coxswain:7", repositoryId: 4711 };
    const refs = whole([ref("fix", [pullName()])]);
    const seen = async () =>
      snapshot(
        await lookWith(
          redis(),
          { issueOrPullRequest: withState({}), refs },
          { pulls: { PR_13: { commits: commits([]) } } },
        ),
      ).refusals;
    expect(await seen()).toEqual({});
    await addRefusal(redis(), of, { what: 13, head: "older", say: "No", at: now });
    expect(await seen()).toEqual({});
    await addRefusal(redis(), of, { what: 13, head, say: "Not yet", at: now });
    await addRefusal(redis(), of, { what: 13, head, say: "Never", at: now });
    expect(await seen()).toEqual({ 13: { head, times: 2, say: "Never", at: now } });
    expect(await redis().ttl("coxswain:7:refusals:4711:13")).toBeGreaterThan(86_000);
  });
});
