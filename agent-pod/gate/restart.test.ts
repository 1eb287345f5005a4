import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { notesKey, sealToken } from "../contract/lease.ts";
import { ADDRESS, HOST, openHost, testOutside } from "./connect/testing/host.ts";
import { echo, openSecure } from "./connect/testing/tunnel.ts";
import { startGate } from "./gate.ts";
import { cloneIn } from "./git/testing/clone.ts";
import { openUpstream } from "./git/testing/upstream.ts";
import type { Decision } from "./decision.ts";
import type { World } from "./testing/world.ts";
import { bearer, chatting, openWorld, passOf, PREFIX, RUN, said } from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";
const PATIENCE_MS = 5_000;

let world: World;

beforeEach(async () => {
  world = await openWorld({ patienceMs: PATIENCE_MS });
  await world.lend();
});
afterEach(() => world.close());

const NOTE = { n: 1, kind: "message", by: "ada", text: "Hi" };

test("while Redis restarts requests are held, and then answered as if nothing had been", async () => {
  await world.redis.client.rpush(notesKey(PREFIX, RUN), JSON.stringify(NOTE));
  await world.redis.kill();
  const all = Promise.all([
    world.ask("/hello", { method: "POST", headers: bearer(passOf()) }),
    world.ask("/notes?after=0"),
    world.ask("/llm/v1/models"),
    world.ask(CHAT, chatting()),
    world.ask(CHAT, chatting()),
  ]);
  await sleep(2_000);
  expect(world.decisions).toEqual([]);
  await world.redis.start();
  expect((await all).map((response) => response.status)).toEqual([200, 200, 200, 200, 200]);
  expect(world.model.asked).toHaveLength(2);
  expect(await world.spent()).toMatchObject({ spent: "200", held: "0", requests: "2" });
});

test("a clone, a push and a tunnel are held too", async () => {
  const upstream = await openUpstream(join(world.dir, "upstream"), "acme/shop");
  const person = cloneIn(join(world.dir, "person"), `${upstream.url}/acme/shop.git`, upstream.token);
  await person.git("init", "--quiet", "--initial-branch=main");
  await person.commit("Begin", { "a.txt": "a" });
  await person.git("push", "--quiet", person.url, "main");
  const host = await openHost();
  const outside = testOutside();
  outside.names = { [HOST]: [ADDRESS] };
  outside.ports = { [ADDRESS]: host.port };
  const told: Decision[] = [];
  const settings = { ...world.settings, githubServerUrl: upstream.url };
  const gate = await startGate(settings, (decision) => void told.push(decision), {
    outside,
    patienceMs: PATIENCE_MS,
  });
  const [key = Buffer.alloc(0)] = settings.leaseKeys;
  await world.lend({ hosts: [HOST], token: sealToken(upstream.token, RUN, key) });
  const address = `${gate.url}/git/acme/shop.git`;
  const agent = cloneIn(join(world.dir, "agent"), address, passOf());
  await agent.git("clone", "--quiet", address, ".");
  const made = await agent.commit("Go on", { "b.txt": "b" });
  const before = told.length;

  await world.redis.kill();
  const second = cloneIn(join(world.dir, "second"), address, passOf());
  const all = Promise.all([
    second.git("clone", "--quiet", address, "."),
    agent.git("push", "--quiet", "origin", "HEAD:refs/heads/agent/7/fix"),
    openSecure(gate.url, host, passOf()).then((tls) => echo(tls, "hello")),
  ]);
  await sleep(2_000);
  expect(told).toHaveLength(before);
  await world.redis.start();
  expect((await all)[2]).toContain("200 OK");
  expect(await second.git("rev-parse", "HEAD")).toBe(await person.git("rev-parse", "HEAD"));
  expect(await person.git("ls-remote", person.url, "refs/heads/agent/7/fix")).toContain(made);
  expect(told.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
  await host.close();
  await gate.close();
  await upstream.close();
});

test("a poll for notes that is under way outlasts a restart, and hears what is said after it", async () => {
  const poll = world.ask("/notes?after=0");
  const key = notesKey(PREFIX, RUN);
  await expect.poll(() => world.redis.client.pubsub("NUMSUB", key)).toEqual([key, 1]);
  await world.redis.kill();
  await sleep(3_000);
  expect(world.decisions).toEqual([]);
  await world.redis.start();
  await world.redis.client.rpush(key, JSON.stringify(NOTE));
  const response = await poll;
  expect([response.status, await response.json()]).toEqual([200, { notes: [NOTE] }]);
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
