import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { openTestRedis } from "../../test/redis.ts";
import type { TestRedis } from "../../test/redis.ts";
import { holdLock } from "./lock.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => void (await redis.client.flushall()));
afterAll(() => redis.close());

it("is held by one at a time", async () => {
  const lock = await holdLock(redis.client, "lock", "a");
  expect(await holdLock(redis.client, "lock", "b")).toBeNull();
  await lock?.release();
  const next = await holdLock(redis.client, "lock", "b");
  await expect(next?.still()).resolves.toBeUndefined();
  await next?.release();
});

it("is lost with an emptied Redis: the next write is not made", async () => {
  const lock = await holdLock(redis.client, "lock", "a");
  await redis.client.flushall();
  await expect(lock?.still()).rejects.toThrow("lost");
  const other = await holdLock(redis.client, "lock", "b");
  await expect(lock?.still()).rejects.toThrow("lost");
  await lock?.release();
  await expect(other?.still()).resolves.toBeUndefined();
  await other?.release();
});
