import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { openTestRedis } from "../test/redis.ts";
import type { TestRedis } from "../test/redis.ts";
import { openBell } from "./bell.ts";
import type { Bell } from "./bell.ts";

const issue = { kind: "issue" as const, installationId: 1, owner: "Acme", name: "teatime", number: 12 };
let redis: TestRedis;
let bell: Bell;
let advance: Queue;
let alarms: Queue;

beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => {
  await redis.client.flushall();
  const home = { connection: { url: redis.url }, prefix: "bell" };
  bell = await openBell(home);
  [advance, alarms] = [new Queue("advance", home), new Queue("alarm", home)];
  return () => Promise.all([bell.close(), advance.close(), alarms.close()]);
});
afterAll(() => redis.close());

it("has one waiting look for an issue, however often it is rung", async () => {
  await Promise.all([bell.ring(issue), bell.ring({ ...issue, owner: "acme" }), bell.ring(issue)]);
  expect(await advance.getWaitingCount()).toBe(1);
  await bell.ring({ ...issue, number: 13 });
  expect(await advance.getWaitingCount()).toBe(2);
});

const alarm = async (): Promise<number | null> => {
  const [job] = await alarms.getDelayed();
  return job ? job.timestamp + job.delay : null;
};

it("keeps the last of two alarms, and takes one back", async () => {
  const soon = new Date(Date.now() + 60_000);
  const late = new Date(Date.now() + 120_000);
  await bell.alarm(issue, late);
  await bell.alarm(issue, soon);
  expect(Math.abs(soon.getTime() - (await alarm())!)).toBeLessThan(1000);
  await bell.alarm(issue, late);
  expect(Math.abs(late.getTime() - (await alarm())!)).toBeLessThan(1000);
  await bell.alarm(issue, null);
  expect(await alarm()).toBeNull();
});

it("refuses at once while Redis is away, so that the webhook isn't answered with 200", async () => {
  const own = await openTestRedis();
  const other = await openBell({ connection: { url: own.url }, prefix: "away" });
  await own.stop();
  await expect(other.ring(issue)).rejects.toThrow("Redis");
  await other.close().catch(() => {});
  await own.close();
});
