import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { leaseKey } from "../contract/lease.ts";
import type { Host } from "./connect/testing/host.ts";
import { ADDRESS, HOST, openHost, testOutside } from "./connect/testing/host.ts";
import { echo, openSecure } from "./connect/testing/tunnel.ts";
import type { Decision } from "./decision.ts";
import { events, STREAM, USAGE } from "./testing/model.ts";
import type { World } from "./testing/world.ts";
import { chatting, openWorld, passOf, PREFIX, RUN } from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";
const PATIENCE_MS = 4_000;

let world: World;
let host: Host;

beforeEach(async () => {
  const outside = testOutside();
  world = await openWorld({ outside, patienceMs: PATIENCE_MS });
  host = await openHost();
  outside.names = { [HOST]: [ADDRESS] };
  outside.ports = { [ADDRESS]: host.port };
  await world.lend({ hosts: [HOST] });
});
afterEach(async () => {
  await host.close();
  await world.close();
});

const endLease = (): Promise<number> => world.redis.client.del(leaseKey(PREFIX, RUN));

/** The first line of the log, once it is there. */
async function decision(): Promise<Decision | undefined> {
  await expect.poll(() => world.decisions.length, { timeout: 5_000 }).toBe(1);
  return world.decisions[0];
}

const refusedFor = (why: string) => ({
  run: RUN,
  verdict: "refused",
  why: expect.stringContaining(why) as string,
});

/** A stream of the model's that has begun and doesn't end by itself; `more` sends another event of it. */
async function openStream(): Promise<{ response: Response; more: () => void; end: () => void }> {
  const event = events({ choices: [{ delta: { content: "more" } }] });
  let more = (): void => {};
  let end = (): void => {};
  world.model.answer = (response) => {
    response.writeHead(200, STREAM).write(event);
    more = () => void response.write(event);
    end = () => void response.end(events({ choices: [], usage: USAGE }, "[DONE]"));
  };
  const response = await world.ask(CHAT, chatting({ stream: true }));
  return { response, more: () => more(), end: () => end() };
}

test("deleting the lease cuts a tunnel within a few seconds; until then it stays open", async () => {
  const tls = await openSecure(world.url, host, passOf());
  await sleep(2_500);
  expect(await echo(tls, "hello")).toContain("200 OK");
  const began = Date.now();
  await endLease();
  await once(tls, "close");
  expect(Date.now() - began).toBeLessThan(4_000);
  const line = await decision();
  expect(line).toMatchObject(refusedFor("no lease"));
  expect(line?.bytes).toBeGreaterThan(1_000);
});

test("deleting the lease cuts a model's stream within a few seconds, and it costs its reservation", async () => {
  const { response, more } = await openStream();
  const sending = setInterval(more, 100);
  const began = Date.now();
  await endLease();
  await expect(response.text()).rejects.toThrow("terminated");
  clearInterval(sending);
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(await decision()).toMatchObject({ verb: "llm", ...refusedFor("no lease") });
  expect(world.model.left).toBe(1);
  await expect.poll(async () => (await world.spent())["held"]).toBe("0");
  expect(Number((await world.spent())["spent"])).toBeGreaterThan(100);
});

test("a model that hasn't answered yet is given up, in a sentence", async () => {
  world.model.answer = () => {};
  const asking = world.ask(CHAT, chatting());
  await expect.poll(() => world.model.asked.length).toBe(1);
  await endLease();
  const response = await asking;
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("no_lease")]);
});

test("a pass that expires cuts its tunnel", async () => {
  const expires = Math.ceil(Date.now() / 1_000) + 1;
  const tls = await openSecure(world.url, host, passOf({ expires }));
  await once(tls, "close");
  expect(await decision()).toMatchObject(refusedFor("expired"));
});

test("another attempt's lease is none of this one's", async () => {
  const tls = await openSecure(world.url, host, passOf());
  await world.lend({ hosts: [HOST], attempt: 2 });
  await once(tls, "close");
  expect(await decision()).toMatchObject(refusedFor("another attempt"));
});

test("a Redis that is emptied cuts nothing that its follower leases again", async () => {
  const tls = await openSecure(world.url, host, passOf());
  const { response, end } = await openStream();
  await world.redis.client.flushall();
  await sleep(4_000);
  await world.lend({ hosts: [HOST] });
  expect(await echo(tls, "hello")).toContain("200 OK");
  tls.destroy();
  end();
  expect(await response.text()).toContain("[DONE]");
});

test("a Redis that restarts cuts nothing; one that stays away does", async () => {
  const tls = await openSecure(world.url, host, passOf());
  const { response, end } = await openStream();
  await world.redis.kill();
  await sleep(2_000);
  await world.redis.start();
  await sleep(2_000);
  expect(await echo(tls, "hello")).toContain("200 OK");
  end();
  expect(await response.text()).toContain("[DONE]");
  await world.redis.kill();
  const began = Date.now();
  await once(tls, "close");
  expect(Date.now() - began).toBeGreaterThan(PATIENCE_MS - 2_000);
  expect(Date.now() - began).toBeLessThan(PATIENCE_MS + 4_000);
  await world.redis.start();
});
