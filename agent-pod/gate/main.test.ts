import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

import { answerJson, completion, events, STREAM, USAGE } from "./testing/model.ts";
import type { World } from "./testing/world.ts";
import { bearer, chatting, openWorld, passOf, RUN, SECRETS } from "./testing/world.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let world: World;
let gate: ChildProcess | null = null;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
});
afterEach(async () => {
  gate?.kill("SIGKILL");
  gate = null;
  await world.close();
});

interface Started {
  url: string;
  exited: Promise<unknown[]>;
  printed: () => string;
}

const settingsOf = ({ settings }: World): Record<string, string> => ({
  REDIS_URL: settings.redisUrl,
  GATE_PREFIX: settings.prefix,
  GATE_PASS_KEYS: settings.passKeys.map((key) => key.toString("base64")).join(","),
  GATE_LEASE_KEYS: settings.leaseKeys.map((key) => key.toString("base64")).join(","),
  GITHUB_SERVER_URL: settings.githubServerUrl,
  LLM_API_URL: settings.llm.url,
  LLM_API_KEY: settings.llm.key,
  GATE_DIR: `${settings.dir}-of-its-own`,
});

/** Runs main.ts with nothing in its environment but `env`, until it listens or ends. */
async function start(env: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env["PATH"], ...env } });
  gate = child;
  let printed = "";
  child.stdout.on("data", (bytes) => (printed += String(bytes)));
  child.stderr.on("data", (bytes) => (printed += String(bytes)));
  const exited = once(child, "close");
  const url = (): string | undefined => /"gate":"(http[^"]+)"/.exec(printed)?.[1];
  await expect.poll(() => url() ?? child.exitCode, { timeout: 10_000 }).not.toBeNull();
  return { url: url() ?? "", exited, printed: () => printed };
}

test("it prints its address, then a line of JSON per decision, and ends on SIGTERM", async () => {
  const { url, exited, printed } = await start(settingsOf(world));
  expect(printed()).toBe(`${JSON.stringify({ gate: url })}\n`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const hello = await fetch(`${url}/hello`, { method: "POST", headers: bearer(passOf()) });
  expect(hello.status).toBe(200);
  expect(await (await fetch(`${url}/llm/v1/chat/completions`, chatting())).json()).toMatchObject({
    usage: USAGE,
  });
  await fetch(`${url}/llm/v1/chat/completions`, chatting({ n: 2 }));
  gate?.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);

  const decisions = printed()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(decisions).toMatchObject([
    { run: RUN, verb: "hello", verdict: "passed" },
    { run: RUN, verb: "llm", verdict: "passed", why: "70 tokens in, 30 out" },
    { run: RUN, verb: "llm", verdict: "refused", why: expect.stringContaining("`n`") as string },
  ]);
  for (const line of decisions) {
    expect(Object.keys(line)).toEqual(
      expect.arrayContaining(["run", "verb", "target", "verdict", "bytes", "why"]),
    );
  }
  for (const secret of [
    ...Object.values(SECRETS),
    passOf().slice(-20),
    ...Object.values(settingsOf(world)).slice(2, 4),
  ]) {
    expect(printed()).not.toContain(secret);
  }
});

test("SIGTERM lets an answer end that is under way", async () => {
  const going = Promise.withResolvers<void>();
  world.model.answer = async (response) => {
    response.writeHead(200, STREAM).write(events({ choices: [{ delta: { content: "first" } }] }));
    await going.promise;
    response.end(events({ choices: [], usage: USAGE }, "[DONE]"));
  };
  const { url, exited } = await start(settingsOf(world));
  const answer = await fetch(`${url}/llm/v1/chat/completions`, chatting({ stream: true }));
  const polling = fetch(`${url}/notes?after=0`, { headers: bearer(passOf()) });
  await expect.poll(() => world.redis.client.pubsub("CHANNELS")).toHaveLength(1);
  gate?.kill("SIGTERM");
  expect(await (await polling).json()).toEqual({ notes: [] });
  going.resolve();
  expect(await answer.text()).toMatch(/first[^]*\[DONE\]/);
  expect(await exited).toEqual([0, null]);
  expect(await world.spent()).toMatchObject({ spent: "100", held: "0" });
});

test("a gate that is killed leaves what it reserved as held, and another goes on", async () => {
  world.model.answer = (response) => void response.writeHead(200, STREAM).write(events({ choices: [] }));
  const first = await start(settingsOf(world));
  await fetch(`${first.url}/llm/v1/chat/completions`, chatting({ stream: true }));
  gate?.kill("SIGKILL");
  await first.exited;
  expect(Number((await world.spent())["held"])).toBeGreaterThan(100);
  world.model.answer = (response) => answerJson(response, completion());
  const second = await start(settingsOf(world));
  expect((await fetch(`${second.url}/llm/v1/chat/completions`, chatting())).status).toBe(200);
});

test("without Redis it starts, holds what it is asked, and goes on when Redis is there", async () => {
  await world.redis.kill();
  const { url } = await start(settingsOf(world));
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ redis: false });
  const asking = fetch(`${url}/llm/v1/models`, { headers: bearer(passOf()) });
  await sleep(1_000);
  await world.redis.start();
  expect((await asking).status).toBe(200);
});

test("SIGTERM lets what is under way end until its time is over, and takes nothing more", async () => {
  world.model.answer = (response) => void response.writeHead(200, STREAM).write(events({ choices: [] }));
  const { url, exited } = await start({ ...settingsOf(world), GATE_DRAIN_SECONDS: "3" });
  const answer = await fetch(`${url}/llm/v1/chat/completions`, chatting({ stream: true }));
  const began = Date.now();
  gate?.kill("SIGTERM");
  await expect
    .poll(() =>
      fetch(`${url}/health`).then(
        ({ status }) => status,
        () => "gone",
      ),
    )
    .toBe("gone");
  await expect(answer.text()).rejects.toThrow("terminated");
  expect(await exited).toEqual([0, null]);
  expect(Date.now() - began).toBeGreaterThan(2_900);
  expect(Date.now() - began).toBeLessThan(6_000);
  const { spent, held } = await world.spent();
  expect([Number(spent) > 0, held]).toEqual([true, "0"]);
});

test("wrong settings: one sentence each, without their values", async () => {
  const { exited, printed } = await start({
    ...settingsOf(world),
    REDIS_URL: "hunter2",
    GATE_PASS_KEYS: "aHVudGVyMg==",
    LLM_API_KEY: "",
    GATE_PRIVATE_RANGES: "10.0.0.0/8,hunter2",
    GATE_DRAIN_SECONDS: "hunter2",
    LLM_API_URL: "http://hunter2@llm.example/v1",
  });
  expect(await exited).toEqual([1, null]);
  expect(printed()).toMatch(/^(?:[A-Z_]+ [^\n]+\.\n){6}$/);
  for (const name of [
    "REDIS_URL",
    "GATE_PASS_KEYS",
    "LLM_API_KEY",
    "LLM_API_URL",
    "GATE_PRIVATE_RANGES",
    "GATE_DRAIN_SECONDS",
  ]) {
    expect(printed()).toContain(`${name} `);
  }
  expect(printed()).not.toMatch(/hunter2|aHVudGVyMg/);
});
