import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { startGate } from "./gate.ts";
import type { World } from "./testing/world.ts";
import { bearer, chatting, openWorld, passOf, said } from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";
const PATIENCE_MS = 5_000;

let world: World;

beforeEach(async () => {
  world = await openWorld({ patienceMs: PATIENCE_MS });
  await world.lend();
});
afterEach(() => world.close());

test("while Redis restarts requests of every kind are held, and then answered as if nothing had been", async () => {
  await world.redis.kill();
  const all = Promise.all([
    world.ask("/hello", { method: "POST", headers: bearer(passOf()) }),
    world.ask("/llm/v1/models"),
    world.ask(CHAT, chatting()),
    world.ask(CHAT, chatting()),
  ]);
  await sleep(2_000);
  expect(world.decisions).toEqual([]);
  await world.redis.start();
  expect((await all).map((response) => response.status)).toEqual([200, 200, 200, 200]);
  expect(world.model.asked).toHaveLength(2);
  expect(await world.spent()).toMatchObject({ spent: "200", held: "0", requests: "2" });
});

test("a Redis that hangs is waited for as well, and what it does late is counted once", async () => {
  world.redis.freeze();
  const asking = world.ask(CHAT, chatting());
  await sleep(3_000);
  world.redis.thaw();
  expect((await asking).status).toBe(200);
  await expect.poll(() => world.spent()).toMatchObject({ spent: "100", held: "0", requests: "1" });
});

test("one that goes away while a request is under way is waited for too, and what that costs is counted once", async () => {
  const going = Promise.withResolvers<void>();
  const text = JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "Hi" }], max_tokens: 100 });
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      await going.promise;
      controller.enqueue(Buffer.from(text));
      controller.close();
    },
  });
  const asking = world.ask(CHAT, { method: "POST", headers: bearer(passOf()), body, duplex: "half" });
  await sleep(300);
  await world.redis.kill();
  going.resolve();
  await sleep(1_500);
  await world.redis.start();
  expect((await asking).status).toBe(200);
  expect(await world.spent()).toMatchObject({ spent: "100", held: "0", requests: "1" });
});

test("a Redis that stays away is waited for no longer than told, and a client that left not at all", async () => {
  await world.redis.kill();
  const leaving = new AbortController();
  const left = world.ask("/llm/v1/models", { headers: bearer(passOf()), signal: leaving.signal });
  const began = Date.now();
  const asking = said(world.ask("/llm/v1/models"));
  setTimeout(() => leaving.abort(), 500);
  await expect(left).rejects.toThrow("aborted");
  await expect.poll(() => world.decisions.length, { timeout: 2_000 }).toBe(1);
  expect(await asking).toMatchObject({ status: 503, code: "redis_unreachable" });
  expect(Date.now() - began).toBeGreaterThan(PATIENCE_MS - 500);
  expect(Date.now() - began).toBeLessThan(PATIENCE_MS + 3_000);
  await world.redis.start();
});

test("unless told otherwise it is held for 30 s", async () => {
  const gate = await startGate({ ...world.settings, redisUrl: `${world.dir}/none.sock` }, () => {});
  const began = Date.now();
  const response = await fetch(`${gate.url}/llm/v1/models`, { headers: bearer(passOf()) });
  expect(response.status).toBe(503);
  expect(Date.now() - began).toBeGreaterThan(29_000);
  expect(Date.now() - began).toBeLessThan(33_000);
  await gate.close();
});
