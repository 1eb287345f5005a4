import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { notesKey } from "../contract/lease.ts";
import { openWorld, PREFIX, RUN } from "./testing/world.ts";
import type { World } from "./testing/world.ts";

const KEY = notesKey(PREFIX, RUN);
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.redis.client.flushall();
  await world.lend();
});

const message = (n: number) => ({ n, kind: "message", by: "ada", text: `Note ${n}` });

async function tell(note: object): Promise<void> {
  await world.redis.client.rpush(KEY, JSON.stringify(note));
  await world.redis.client.publish(KEY, "");
}

const notes = async (after: number) => (await world.ask(`/notes?after=${after}`)).json();

test("notes that are there come at once, from the number on", async () => {
  for (const n of [1, 2, 3]) await tell(message(n));
  expect(await notes(0)).toEqual({ notes: [1, 2, 3].map(message) });
  expect(await notes(2)).toEqual({ notes: [message(3)] });
});

test("whoever waits hears a note as it comes, all who wait, and each time", async () => {
  const waiting = [notes(0), notes(0)];
  await expect.poll(() => world.redis.client.pubsub("NUMSUB", KEY)).toEqual([KEY, 1]);
  const began = Date.now();
  await tell(message(1));
  expect(await Promise.all(waiting)).toEqual([{ notes: [message(1)] }, { notes: [message(1)] }]);
  expect(Date.now() - began).toBeLessThan(500);
  const again = notes(1);
  await tell({ n: 2, kind: "stop" });
  expect(await again).toEqual({ notes: [{ n: 2, kind: "stop" }] });
  await expect.poll(() => world.redis.client.pubsub("NUMSUB", KEY)).toEqual([KEY, 0]);
});

test("a note that nobody announced comes within a second or two", async () => {
  const began = Date.now();
  const waiting = notes(0);
  await expect.poll(() => world.redis.client.pubsub("NUMSUB", KEY)).toEqual([KEY, 1]);
  await world.redis.client.rpush(KEY, JSON.stringify(message(1)));
  expect(await waiting).toEqual({ notes: [message(1)] });
  expect(Date.now() - began).toBeLessThan(3_000);
});

test("an entry that is no note hides none", async () => {
  await world.redis.client.rpush(
    KEY,
    "{",
    JSON.stringify({ n: 0, kind: "stop" }),
    JSON.stringify({ n: 2, kind: "stop" }),
  );
  expect(await notes(0)).toEqual({ notes: [{ n: 2, kind: "stop" }] });
});

test("without notes it waits 25 s, and answers none", async () => {
  const began = Date.now();
  expect(await notes(0)).toEqual({ notes: [] });
  expect(Date.now() - began).toBeGreaterThan(24_000);
  expect(Date.now() - began).toBeLessThan(28_000);
}, 40_000);
