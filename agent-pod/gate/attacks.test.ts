import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { leaseKey } from "../contract/lease.ts";
import { deriveKey } from "../contract/pass.ts";
import type { World } from "./testing/world.ts";
import {
  bearer,
  chatting,
  OLD_PASS_KEY,
  openWorld,
  passOf,
  PREFIX,
  RUN,
  said,
  SECRETS,
} from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
});
afterEach(() => world.close());

const expired = (): string => passOf({ expires: Math.floor(Date.now() / 1000) - 1 });
const changed = (): string => {
  const [body = "", signature = ""] = passOf().slice("cxp_".length).split(".");
  const pass = { ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), attempt: 2 };
  return `cxp_${Buffer.from(JSON.stringify(pass)).toString("base64url")}.${signature}`;
};

test.each<[string, () => Record<string, string>, number, string]>([
  ["none", () => ({}), 401, "no_pass"],
  ["what isn't one", () => bearer("let me in"), 403, "bad_pass"],
  ["the model's key", () => bearer(SECRETS.key), 403, "bad_pass"],
  ["a changed one", () => bearer(changed()), 403, "bad_pass"],
  ["one of another secret", () => bearer(passOf({}, deriveKey("other", "pass"))), 403, "bad_pass"],
  ["one that has expired", () => bearer(expired()), 403, "bad_pass"],
  ["one of another app", () => bearer(passOf({ app: "13" })), 403, "bad_pass"],
  ["one of another attempt", () => bearer(passOf({ attempt: 2 })), 403, "bad_pass"],
  ["one of another run", () => bearer(passOf({ run: "cx-8-implement-1-0badcafe" })), 503, "no_lease"],
])("a pass that isn't good: %s", async (_, headers, status, code) => {
  for (const [path, method] of [
    ["/hello", "POST"],
    ["/notes?after=0", "GET"],
    ["/llm/v1/models", "GET"],
    [CHAT, "POST"],
  ] as const) {
    expect(await said(world.ask(path, { method, headers: headers() }))).toMatchObject({ status, code });
  }
  const git = await world.ask("/git/acme/shop.git/info/refs?service=git-upload-pack", { headers: headers() });
  expect(git.status).toBe(status);
  expect(git.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(world.model.asked).toEqual([]);
});

test("a good pass is taken as every client sends it, and under the previous key", async () => {
  const pass = passOf();
  for (const headers of [
    bearer(pass),
    { "x-api-key": pass },
    { authorization: `Basic ${Buffer.from(`x:${pass}`).toString("base64")}` },
    bearer(passOf({}, OLD_PASS_KEY)),
  ]) {
    expect((await world.ask("/llm/v1/models", { headers })).status).toBe(200);
  }
});

test("a run whose lease is deleted is refused from then on", async () => {
  expect((await world.ask("/hello", { method: "POST", headers: bearer(passOf()) })).status).toBe(200);
  await world.redis.client.del(leaseKey(PREFIX, RUN));
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 503, code: "no_lease" });
  await world.redis.client.set(leaseKey(PREFIX, RUN), '{"run":"', "EX", 60);
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 503, code: "no_lease" });
  expect(world.model.asked).toEqual([]);
});

/** The status of a request that comes from `localAddress`. */
async function askFrom(localAddress: string): Promise<number | undefined> {
  const asking = request(`${world.url}/llm/v1/models`, { headers: bearer(passOf()), localAddress }).end();
  const [response] = (await once(asking, "response")) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

test("a pass that was used from one address is good there alone", async () => {
  expect((await world.ask("/hello", { method: "POST", headers: bearer(passOf()) })).status).toBe(200);
  expect(await askFrom("127.0.0.2")).toBe(403);
  expect(await askFrom("127.0.0.1")).toBe(200);
  await world.lend({ purpose: "plan" });
  expect(await askFrom("127.0.0.2")).toBe(200);
});

test("while Redis is away everything is refused, soon; when it is back, all goes on", async () => {
  await world.redis.kill();
  const began = Date.now();
  for (const path of ["/llm/v1/models", "/notes?after=0"]) {
    expect(await said(world.ask(path))).toMatchObject({ status: 503, code: "redis_unreachable" });
  }
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 503 });
  expect(Date.now() - began).toBeLessThan(4_000);
  await world.redis.start();
  await expect.poll(async () => (await world.ask(CHAT, chatting())).status, { timeout: 5_000 }).toBe(200);
});

test("a Redis that hangs is one that is away", async () => {
  world.redis.freeze();
  const began = Date.now();
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 503 });
  expect(Date.now() - began).toBeLessThan(5_000);
  world.redis.thaw();
  expect(world.model.asked).toEqual([]);
  await expect.poll(async () => (await world.ask(CHAT, chatting())).status, { timeout: 5_000 }).toBe(200);
});

test.each([
  ["/llm/v1/embeddings", "POST", 404],
  ["/llm/v1/files", "GET", 404],
  ["/llm/v1/chat/completions/../files", "POST", 404],
  ["/llm/v1/chat%2Fcompletions", "POST", 404],
  ["/llm/v1/responses/resp_1", "GET", 404],
  ["/llm/v1/models", "DELETE", 405],
  ["/notes", "POST", 405],
  ["/notes?after=-1", "GET", 400],
  ["/notes?after=x", "GET", 400],
  ["/metrics", "GET", 404],
  ["/constructor", "GET", 404],
])("%s by %s isn't here", async (path, method, status) => {
  expect(await said(world.ask(path, { method, headers: bearer(passOf()) }))).toMatchObject({ status });
  expect(world.model.asked).toEqual([]);
});

/** Sends raw bytes and returns all that comes back before the gate closes the connection. */
async function raw(
  send: (write: (text: string) => boolean) => Promise<void> | void,
  patienceMs = 5_000,
): Promise<string> {
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  let got = "";
  socket.on("data", (bytes) => (got += String(bytes)));
  socket.on("error", () => {}); // it is closed while it still sends
  await send((text) => !socket.destroyed && (socket.write(text), true));
  if (!socket.destroyed) await once(socket, "close", { signal: AbortSignal.timeout(patienceMs) });
  return got;
}

const head = (more: string): string =>
  `POST ${CHAT} HTTP/1.1\r\nhost: gate\r\nauthorization: Bearer ${passOf()}\r\n${more}\r\n\r\n`;

test("a body without end is refused before it is all there", async () => {
  const chunk = "x".repeat(256 * 1024);
  const got = await raw(async (write) => {
    write(head("transfer-encoding: chunked"));
    for (let sent = 0; sent < 200 && write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`); sent++)
      await sleep(5);
  });
  expect(got).toMatch(/^HTTP\/1\.1 413 /);
  expect(got).toContain("too_large");
  expect(world.model.asked).toEqual([]);
});

test.each([
  ["what isn't HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n", 400, "isn't a request of HTTP"],
  ["too large a head", `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}\r\n`, 431, "too large"],
  ["a head that doesn't come", "GET / HTTP/1.1\r\nhost: gate\r\n", 408, "longer than 20 seconds"],
])("%s is refused, and has its line", { timeout: 40_000 }, async (_, bytes, status, why) => {
  const got = await raw((write) => void write(bytes), 30_000);
  expect(got).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(world.decisions).toEqual([
    { run: null, verb: "", target: "", verdict: "refused", bytes: 0, why: expect.stringContaining(why) },
  ]);
});

test("who connects and says nothing, or goes away, has no line", async () => {
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET / HT");
  socket.resetAndDestroy();
  expect((await world.ask("/llm/v1/models")).status).toBe(200);
  expect(world.decisions).toMatchObject([{ verdict: "passed" }]);
});

test("a proxy's request is none of the gate's", async () => {
  const proxied = await raw(
    (write) => void write("GET http://example.com/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
  );
  expect(proxied).toMatch(/^HTTP\/1\.1 404 /);
});

test("deleting the lease ends a long poll soon", async () => {
  const began = Date.now();
  const polling = said(world.ask("/notes?after=0"));
  await sleep(300);
  await world.redis.client.del(leaseKey(PREFIX, RUN));
  expect(await polling).toMatchObject({ status: 503, code: "no_lease" });
  expect(Date.now() - began).toBeLessThan(4_000);
});

test("one address can't take every connection", async () => {
  const port = Number(new URL(world.url).port);
  const closed: unknown[] = [];
  const sockets = Array.from({ length: 520 }, () => connect(port, "127.0.0.1"));
  for (const socket of sockets) socket.on("error", () => {}).on("close", () => closed.push(socket));
  await expect.poll(() => closed.length, { timeout: 10_000 }).toBe(20);
  expect(await askFrom("127.0.0.2")).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test("one run can't ask without end at once", async () => {
  const leaving = new AbortController();
  const polls = Array.from({ length: 64 }, () =>
    world.ask("/notes?after=0", { headers: bearer(passOf()), signal: leaving.signal }).catch(() => null),
  );
  await expect.poll(() => said(world.ask(CHAT, chatting()))).toMatchObject({ status: 429, code: "too_many" });
  await world.redis.client.set(leaseKey(PREFIX, "cx-8-implement-1-0badcafe"), "{}");
  const other = bearer(passOf({ run: "cx-8-implement-1-0badcafe" }));
  expect((await world.ask(CHAT, { ...chatting(), headers: other })).status).toBe(503);
  leaving.abort();
  await Promise.all(polls);
  await expect.poll(async () => (await world.ask(CHAT, chatting())).status).toBe(200);
});
