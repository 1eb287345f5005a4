import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { Later } from "../../app/bucket.ts";
import { openTestRedis } from "../../test/redis.ts";
import type { TestRedis } from "../../test/redis.ts";
import { claimTrial, heldBack, tellWalls } from "./walls.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => {
  await redis.client.flushall();
});
afterAll(() => redis.close());

const tell = (open: boolean) => tellWalls(redis.client, "cx", { open, text: open ? "DNS" : "" });
const held = () => heldBack(redis.client, "cx");
const claim = (run: string) => claimTrial(redis.client, "cx", run);
/** As if the time were over. */
const wait = () => redis.client.pexpire("cx:walls:trial", 0);

test("nothing is held back before something was reached, nor where the pods show that nothing is", async () => {
  await claim("run-1");
  await tell(false);
  await claim("run-2");
  expect(await held()).toBeNull();
});

test("something was reached: no run starts for 5 minutes, and that is said with what it was", async () => {
  await tell(true);
  const { reached, ms = 0 } = (await held()) ?? {};
  expect(reached).toBe("DNS");
  expect(ms).toBeGreaterThan(299_000);
  expect(ms).toBeLessThanOrEqual(300_000);
  const refused: unknown = await claim("run-1").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Later);
  expect(String(refused)).toContain("NetworkPolicy isn't enforced, so no agent starts: again in 300 s.");
});

test("then one run starts, of several that ask, and the others wait for what it shows", async () => {
  await tell(true);
  await wait();
  expect(await held()).toBeNull();
  const asked = await Promise.allSettled(["run-1", "run-2", "run-3"].map(claim));
  expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  expect((await held())?.ms).toBeLessThanOrEqual(60_000);
  const trial = ["run-1", "run-2", "run-3"][asked.findIndex(({ status }) => status === "fulfilled")]!;
  await claim(trial);
});

test("what that one shows counts: reached again, or held back", async () => {
  await tell(true);
  await wait();
  await claim("run-1");
  await tell(true);
  expect((await held())?.ms).toBeGreaterThan(299_000);
  await tell(false);
  expect(await held()).toBeNull();
  await Promise.all(["run-2", "run-3"].map(claim));
});

test("one that never shows anything is followed by the next", async () => {
  await tell(true);
  await wait();
  await claim("run-1");
  await wait();
  await claim("run-2");
  await expect(claim("run-1")).rejects.toThrow(Later);
});
