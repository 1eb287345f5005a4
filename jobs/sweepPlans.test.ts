import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Bell } from "../app/bell.ts";
import type { Installation } from "../app/github.ts";
import { subjectKey } from "../app/subject.ts";
import { openInstallation, where } from "../test/installation.ts";
import type { TestInstallation } from "../test/installation.ts";
import { openTestRedis } from "../test/redis.ts";
import type { TestRedis } from "../test/redis.ts";
import { waitingPlans } from "./advance/waitingPlans.ts";
import { startPlanSweep } from "./sweepPlans.ts";

let redis: TestRedis;
let world: TestInstallation;
let rung: string[];
/** How many plans each query was for. */
let asked: number[];

beforeAll(async () => {
  [redis, world] = await Promise.all([openTestRedis(), openInstallation()]);
});
beforeEach(async () => {
  await redis.client.flushall();
  asked = [];
});
afterAll(() => Promise.all([world.twin.close(), redis.close()]));

/** What is rung by a sweep. */
async function swept(github: (id: number) => Promise<Installation> = counted): Promise<string[]> {
  rung = [];
  await redis.client.del("cx:sweeping-plans");
  const bell: Bell = {
    ring: async (subject) => void rung.push(subjectKey(subject)),
    alarm: async () => {},
    close: async () => {},
  };
  const log = pino({ level: "silent" });
  const sweep = startPlanSweep({ redis: redis.client, prefix: "cx", bell, github, log }, 86_400);
  await sweep.now();
  sweep.close();
  return rung;
}

const counted = async (): Promise<Installation> => ({
  ...world.github,
  query: (document, variables) => {
    asked.push((variables["comments"] as string[]).length);
    return world.github.query(document, variables);
  },
});

const subject = (number: number, installationId = world.github.id) => ({
  kind: "issue" as const,
  installationId,
  owner: "acme",
  name: "teatime",
  number,
});
const key = (number: number) => `acme/teatime#${number}`;
const plans = () => waitingPlans(redis.client, "cx");

/** An issue with a plan that waits. */
async function waits(installationId?: number) {
  const { data: issue } = await world.mona.rest.issues.create({ ...where, title: "Teatime" });
  const { data } = await world.bot.rest.issues.createComment({
    ...where,
    issue_number: issue.number,
    body: "The plan",
  });
  await plans().set(subject(issue.number, installationId), data.node_id);
  return { number: issue.number, comment_id: data.id };
}
const thumb = (comment_id: number, content: "+1" | "-1" | "heart") =>
  world.mona.rest.reactions.createForIssueComment({ ...where, comment_id, content });

describe("the sweep of waiting plans", () => {
  it("asks nothing where no plan waits", async () => {
    expect(await swept()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("rings an issue once when its plan begins to wait, and then for each thumb and edit", async () => {
    const [a, b] = [await waits(), await waits()];
    expect(await swept()).toEqual([key(a.number), key(b.number)]);
    expect(await swept()).toEqual([]);
    await thumb(a.comment_id, "+1");
    expect(await swept()).toEqual([key(a.number)]);
    await thumb(b.comment_id, "-1");
    expect(await swept()).toEqual([key(b.number)]);
    await thumb(b.comment_id, "heart");
    expect(await swept()).toEqual([]);
    world.twin.advance(1000);
    await world.mona.rest.issues.updateComment({ ...where, comment_id: b.comment_id, body: "Better" });
    expect(await swept()).toEqual([key(b.number)]);
    expect(asked).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it("sees a thumb that was taken back and given again, though there are as many", async () => {
    const { number, comment_id } = await waits();
    const { data } = await thumb(comment_id, "+1");
    await swept();
    await world.mona.rest.reactions.deleteForIssueComment({ ...where, comment_id, reaction_id: data.id });
    await thumb(comment_id, "+1");
    expect(await swept()).toEqual([key(number)]);
  });

  it("rings once for a plan that was deleted, and goes on reading the others", async () => {
    const [a, b] = [await waits(), await waits()];
    await swept();
    await world.bot.rest.issues.deleteComment({ ...where, comment_id: a.comment_id });
    await thumb(b.comment_id, "+1");
    expect((await swept()).sort()).toEqual([key(a.number), key(b.number)].sort());
    expect(await swept()).toEqual([]);
  });

  it("asks for 100 plans at a time, each installation for its own; one that fails holds none back", async () => {
    const { number } = await waits();
    await Promise.all(
      Array.from({ length: 150 }, (_, at) => plans().set(subject(5000 + at), `IC_none${at}`)),
    );
    const other = await waits(999);
    const github = async (id: number) => (id === 999 ? Promise.reject(new Error("suspended")) : counted());
    const first = await swept(github);
    expect(asked).toEqual([100, 51]);
    expect(first).toHaveLength(151);
    expect(first).toContain(key(number));
    // What couldn't be read is rung when it can.
    expect(await swept()).toEqual([key(other.number)]);
  });

  it("forgets a plan that waits no more", async () => {
    const { number } = await waits();
    await swept();
    await plans().set(subject(number), null);
    expect(await swept()).toEqual([]);
    expect(await redis.client.exists("cx:plans", "cx:thumbs")).toBe(0);
  });

  it("is made by one replica at a time", async () => {
    await waits();
    await swept();
    const before = asked.length;
    await redis.client.set("cx:sweeping-plans", "another", "PX", 10_000);
    const log = pino({ level: "silent" });
    const bell: Bell = { ring: async () => {}, alarm: async () => {}, close: async () => {} };
    const sweep = startPlanSweep({ redis: redis.client, prefix: "cx", bell, github: counted, log }, 86_400);
    await sweep.now();
    sweep.close();
    expect(asked.length).toBe(before);
  });
});
