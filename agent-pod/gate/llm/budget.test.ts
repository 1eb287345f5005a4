import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { spentKey } from "../../contract/lease.ts";
import { openRedis } from "../testing/redis.ts";
import type { TestRedis } from "../testing/redis.ts";
import { checkBudget, reserve } from "./budget.ts";

const KEY = spentKey("p", "r");
let dir: string;
let redis: TestRedis;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cx-budget-"));
  redis = await openRedis(dir);
});

afterAll(async () => {
  await redis.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  await redis.client.flushall();
  await redis.client.hset(KEY, "spent", 40);
});

const take = (input: number, output: number) => reserve(redis.client, "p", "r", 100, { input, output });
const counted = () => redis.client.hgetall(KEY);

test("a reservation is held until it is settled by what was used", async () => {
  const held = await take(30, 20);
  expect(await counted()).toMatchObject({ spent: "40", held: "50" });
  await expect(take(6, 5)).rejects.toMatchObject({ status: 403, code: "budget_spent" });
  await held.settle({ input: 10, output: 5 });
  expect(await counted()).toMatchObject({ spent: "55", held: "0", input: "10", output: "5", requests: "1" });
});

test("the last token may be spent, and not one more", async () => {
  await expect(take(30, 31)).rejects.toThrow("100 tokens");
  await take(30, 30);
  await expect(take(1, 0)).rejects.toThrow("100 are spent or reserved");
});

test("what didn't fit is remembered until the budget grows", async () => {
  await checkBudget(redis.client, "p", "r", 100);
  await expect(take(100, 0)).rejects.toMatchObject({ code: "budget_spent" });
  await expect(checkBudget(redis.client, "p", "r", 100)).rejects.toMatchObject({ code: "budget_spent" });
  await checkBudget(redis.client, "p", "r", 101);
});

test("a settlement from before Redis was emptied leaves others' reservations alone", async () => {
  const before = await take(10, 10);
  await redis.client.flushall();
  await redis.client.hset(KEY, "spent", 40);
  await take(15, 15);
  await before.settle({ input: 4, output: 4 });
  expect(await counted()).toMatchObject({ spent: "48", held: "30" });
});

test("what was used is booked when the follower has put the key back", async () => {
  const held = await take(10, 10);
  await redis.client.flushall();
  await held.settle({ input: 4, output: 4 });
  expect(await counted()).toEqual({});
  await redis.client.hset(KEY, "spent", 40);
  await expect.poll(counted, { timeout: 5_000 }).toMatchObject({ spent: "48" });
});
