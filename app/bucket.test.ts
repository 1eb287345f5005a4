import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { openTestRedis } from "../test/redis.ts";
import type { TestRedis } from "../test/redis.ts";
import { Later, writeBucket } from "./bucket.ts";
import type { WriteBucket } from "./bucket.ts";

let redis: TestRedis;
let bucket: WriteBucket;
beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => {
  await redis.client.flushall();
  bucket = writeBucket(redis.client, "bucket");
});
afterAll(() => redis.close());

it("keeps below GitHub's 80 a minute, and the last part of it for answers", async () => {
  await bucket.take(1, "display", 42);
  await expect(bucket.take(1, "display", 1)).rejects.toThrow(Later);
  await bucket.take(1, "state", 17);
  await expect(bucket.take(1, "state", 1)).rejects.toThrow(Later);
  await bucket.take(1, "answer", 11);
  await expect(bucket.take(1, "answer", 1)).rejects.toThrow(Later);
});

it("tells when there is room again, and keeps installations apart", async () => {
  await bucket.take(1, "answer", 70);
  const error: unknown = await bucket.take(1, "answer", 1).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Later);
  expect((error as Later).ms).toBeGreaterThan(50_000);
  await bucket.take(2, "answer", 70);
});

it("doesn't call all that wait at once", async () => {
  await bucket.take(1, "answer", 70);
  const waits = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const error: unknown = await bucket.take(1, "state", 1).catch((thrown: unknown) => thrown);
      return (error as Later).ms;
    }),
  );
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(500);
  expect(Math.max(...waits)).toBeLessThanOrEqual(65_000);
});

it("never overshoots, also when all come at once", async () => {
  const taken = await Promise.allSettled(Array.from({ length: 200 }, () => bucket.take(1, "answer", 1)));
  expect(taken.filter((each) => each.status === "fulfilled")).toHaveLength(70);
});

it("keeps below GitHub's 500 an hour", async () => {
  for (let minute = 0; minute < 6; minute++) {
    await bucket.take(1, "answer", 70);
    await redis.client.del("bucket:writes:m:1");
  }
  await bucket.take(1, "answer", 30);
  await expect(bucket.take(1, "answer", 1)).rejects.toThrow(Later);
});
