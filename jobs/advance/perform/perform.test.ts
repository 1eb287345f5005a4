import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Brief } from "../../../agent-pod/contract/brief.ts";
import { Later } from "../../../app/bucket.ts";
import { branchWith, openedPull, openInstallation, where } from "../../../test/installation.ts";
import type { TestInstallation } from "../../../test/installation.ts";
import { openTestRedis } from "../../../test/redis.ts";
import type { TestRedis } from "../../../test/redis.ts";
import type { Effect, RunOrder } from "../decide/effects.ts";
import type { Pull } from "../decide/snapshot.ts";
import { comment, pull as pullOf } from "../decide/testSnapshot.ts";
import { readRefusals } from "../refusals.ts";
import type { PerformPorts } from "./ports.ts";
import { performOn, testPorts } from "./testPerform.ts";

let redis: TestRedis;
let world: TestInstallation;
let ports: PerformPorts;

beforeAll(async () => {
  [redis, world] = await Promise.all([openTestRedis(), openInstallation()]);
  const runs = new Queue("run", { connection: { url: redis.url } });
  ports = testPorts({ ...world, redis: redis.client, runs });
});
beforeEach(async () => {
  await redis.client.flushall();
  world.twin.world.faults.refuse = () => undefined;
  world.repository.drafts = true;
  world.repository.protections = [];
});
afterAll(async () => {
  await ports.runs.close();
  await Promise.all([world.twin.close(), redis.close()]);
});

const opened = async (draft?: boolean): Promise<Pull> => pullOf(await openedPull(world, draft));
const seen = async ({ number }: Pull) =>
  (await world.mona.rest.pulls.get({ ...where, pull_number: number })).data;

/** GitHub answers so to whatever is asked of a path that ends so. */
function answers(end: string, status: number, message: string, headers: Record<string, string> = {}): void {
  world.twin.world.faults.refuse = ({ path }) =>
    path.endsWith(end) ? { status, headers, body: { message } } : undefined;
}

describe("merge", () => {
  const merge = ({ number, head }: Pull): Effect => ({
    kind: "merge",
    pull: number,
    head,
    title: `Read all digits (#${number})`,
    message: "They were cut.\n\nCo-authored-by: mona <mona@example.com>",
  });
  const refusals = (...pulls: Pull[]) =>
    readRefusals(
      redis.client,
      { prefix: "cx", repositoryId: world.repository.id },
      pulls.map(({ number, head }) => ({ what: number, head })),
    );

  it("squashes", async () => {
    const pull = await opened();
    expect(await performOn(ports, [merge(pull)], { pulls: [pull] })).toBeNull();
    expect(await seen(pull)).toMatchObject({ merged: true });
    const { data } = await world.mona.rest.repos.getCommit({ ...where, ref: "main" });
    expect(data.parents).toHaveLength(1);
    expect(data.commit.message).toBe(
      `Read all digits (#${pull.number})\n\nThey were cut.\n\nCo-authored-by: mona <mona@example.com>`,
    );
    expect(data.commit.author?.name).toMatch(/\[bot\]$/);
    expect(await refusals(pull)).toEqual({});
  });

  it("isn't tried again while reads lag; what comes after is done", async () => {
    const [pull, other] = [await opened(), await opened()];
    await performOn(ports, [merge(pull)], { pulls: [pull] });
    expect(await performOn(ports, [merge(pull), merge(other)], { pulls: [pull, other] })).toBe(2000);
    expect(await seen(other)).toMatchObject({ merged: true });
    expect(await refusals(pull, other)).toEqual({});
  });

  it("remembers what GitHub refuses, in its words, and goes on", async () => {
    const [draft, moved, fine] = [await opened(true), await opened(), await opened()];
    const stale = { ...moved, head: "a".repeat(40) };
    for (const times of [1, 2]) {
      await performOn(ports, [merge(draft), merge(stale), merge(fine)], { pulls: [draft, stale, fine] });
      const at = new Date("2026-11-21T12:00:00Z");
      expect(await refusals(draft, stale, fine)).toEqual({
        [draft.number]: { head: draft.head, times, say: "Pull Request is still a draft", at },
        [moved.number]: {
          head: stale.head,
          times,
          say: "Head branch was modified. Review and try the merge again.",
          at,
        },
      });
    }
    expect(await seen(fine)).toMatchObject({ merged: true });
  });

  it("is refused by a protection", async () => {
    const pull = await opened();
    world.repository.protections = [{ branch: "main", requiredChecks: [], requiredApprovals: 1 }];
    await performOn(ports, [merge(pull)], { pulls: [pull] });
    const say = "At least 1 approving review is required by reviewers with write access.";
    expect(await refusals(pull)).toMatchObject({ [pull.number]: { say } });
  });

  it("is refused where the app may not, but not by a limit: that passes", async () => {
    const pull = await opened();
    answers("/merge", 403, "You have exceeded a secondary rate limit", { "retry-after": "1" });
    await expect(performOn(ports, [merge(pull)], { pulls: [pull] })).rejects.toThrow("secondary rate limit");
    expect(await refusals(pull)).toEqual({});
    answers("/merge", 403, "Resource not accessible by integration");
    await performOn(ports, [merge(pull)], { pulls: [pull] });
    expect(await refusals(pull)).toMatchObject({
      [pull.number]: { say: "Resource not accessible by integration" },
    });
  });
});

describe("createBranch", () => {
  it("makes it; one that is there stays where it is", async () => {
    const branch = await branchWith(world, "Five\n");
    const { data: before } = await world.mona.rest.git.getRef({ ...where, ref: `heads/${branch}` });
    const { data: main } = await world.mona.rest.git.getRef({ ...where, ref: "heads/main" });
    const { sha } = main.object;
    await performOn(ports, [
      { kind: "createBranch", branch: "agent/12/root", sha },
      { kind: "createBranch", branch: "agent/12/root", sha },
      { kind: "createBranch", branch, sha },
    ]);
    const at = async (name: string) =>
      (await world.mona.rest.git.getRef({ ...where, ref: `heads/${name}` })).data.object.sha;
    expect(await at("agent/12/root")).toBe(sha);
    expect(await at(branch)).toBe(before.object.sha);
  });

  it("remembers what a rule refuses, and what comes after waits", async () => {
    const { data: main } = await world.mona.rest.git.getRef({ ...where, ref: "heads/main" });
    const effect: Effect = { kind: "createBranch", branch: "agent/12/root", sha: main.object.sha };
    const say = "Repository rule violations found\n\nCannot create ref due to creations being restricted.";
    answers("/git/refs", 422, say);
    await expect(performOn(ports, [effect])).rejects.toThrow("GitHub refuses to make agent/12/root");
    const of = { prefix: "cx", repositoryId: world.repository.id };
    expect(await readRefusals(redis.client, of, [{ what: "agent/12/root", head: "" }])).toEqual({
      "agent/12/root": { head: "", times: 1, say, at: ports.clock() },
    });
  });

  it("fails where GitHub doesn't know the commit", async () => {
    const effect: Effect = { kind: "createBranch", branch: "agent/12/no", sha: "d".repeat(40) };
    await expect(performOn(ports, [effect])).rejects.toThrow("Object does not exist");
  });
});

describe("editComment", () => {
  it("keeps the comment's marker; one that is gone stays gone", async () => {
    const marker = `<!-- coxswain:${ports.snapshot.app.id}:plan:1.1 -->`;
    const { data: issue } = await world.mona.rest.issues.create({ ...where, title: "10m is read as 0" });
    const { data } = await world.bot.rest.issues.createComment({
      ...where,
      issue_number: issue.number,
      body: `${marker}\nOld`,
    });
    const plan = comment(`${marker}\nOld`, { nodeId: data.node_id, ours: true, marker: "plan:1.1" });
    const edit: Effect = { kind: "editComment", nodeId: data.node_id, body: "New" };
    await performOn(ports, [edit], { comments: [plan] });
    const read = () => world.mona.rest.issues.getComment({ ...where, comment_id: data.id });
    expect((await read()).data.body).toBe(`${marker}\nNew`);
    // What was looked at isn't what stands there any more.
    expect(await performOn(ports, [{ ...edit, body: "Newer" }], { comments: [plan] })).toBe(1000);
    expect((await read()).data.body).toBe(`${marker}\nNew`);
    await world.bot.rest.issues.deleteComment({ ...where, comment_id: data.id });
    await performOn(ports, [edit], { comments: [plan] });
    await expect(read()).rejects.toThrow("Not Found");
  });
});

describe("run", () => {
  it("waits where no slot is free; others are started", async () => {
    const brief = { feedback: [] as Brief["feedback"] } as Brief;
    const run = (name: string): Effect => ({
      kind: "run",
      order: { name, kind: "agent", brief } as RunOrder,
    });
    const full: PerformPorts["slots"] = {
      ...ports.slots,
      claim: async ({ name }) => {
        if (name === "second") throw new Later(5000, "As many agents are at work as may be");
      },
    };
    const effects = ["first", "second", "third"].map(run);
    expect(await performOn({ ...ports, slots: full }, effects)).toBe(5000);
    const queued = await Promise.all(["first", "second", "third"].map((name) => ports.runs.getJob(name)));
    expect(queued.map((job) => job !== undefined)).toEqual([true, false, true]);
  });
});

describe("what is done to several runs", () => {
  it("is done at once; what comes after rests on all of it", async () => {
    const begun: string[] = [];
    const asked = Promise.withResolvers<void>();
    const forget = async (name: string): Promise<void> => {
      begun.push(name);
      if (begun.length === 3) asked.resolve();
      await asked.promise;
      if (name === "first") throw new Error("The cluster is away.");
    };
    const free = async () => {};
    const patient = { ...ports, cluster: { ...ports.cluster, forget }, slots: { ...ports.slots, free } };
    const effects = ["first", "second", "third"].map((run): Effect => ({ kind: "forget", run }));
    const order = { name: "after", kind: "plan" } as RunOrder;
    const after: Effect = { kind: "run", order };
    await expect(performOn(patient, [...effects, after])).rejects.toThrow("The cluster is away.");
    expect(begun).toEqual(["first", "second", "third"]);
    expect(await ports.runs.getJob("after")).toBeUndefined();
  });
});
