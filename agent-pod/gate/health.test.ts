import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, test } from "vitest";

import { startHealth } from "../health.ts";
import type { Health } from "../health.ts";
import { startGate } from "./gate.ts";
import type { Gate } from "./gate.ts";
import { events, STREAM, USAGE } from "./testing/model.ts";
import { bearer, chatting, openWorld, passOf } from "./testing/world.ts";
import type { World } from "./testing/world.ts";

let world: World;
let gate: Gate;
let health: Health;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
  gate = await startGate(world.settings, () => {});
  health = await startHealth({ host: "127.0.0.1", port: 0, waits: gate.waits, registry: gate.registry });
});
afterEach(async () => {
  await health.close();
  await gate.close();
  await world.close();
});

/** The samples of `/metrics` without their help, by name and labels. */
async function metrics(): Promise<Record<string, number>> {
  const text = await (await fetch(`${health.url}/metrics`)).text();
  const samples = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return Object.fromEntries(
    samples.map((line) => [line.replace(/ [^ ]*$/, ""), Number(line.split(" ").at(-1))]),
  );
}

async function asked(path: string): Promise<{ status: number; text: string; ms: number }> {
  const began = performance.now();
  const answer = await fetch(`${health.url}${path}`);
  return { status: answer.status, text: await answer.text(), ms: performance.now() - began };
}

test("it is alive and ready, and has nothing else", async () => {
  expect(await asked("/healthz")).toMatchObject({ status: 200, text: "ok\n" });
  expect(await asked("/readyz?verbose")).toMatchObject({ status: 200, text: "ready\n" });
  for (const path of ["/", "/hello", "/llm/v1/models", "/constructor"])
    expect((await asked(path)).status).toBe(404);
});

test.each(["away", "silent"])(
  "while Redis is %s it is alive, not ready, and says so within a second",
  async (how) => {
    if (how === "away") await world.redis.kill();
    else world.redis.freeze();
    const ready = await asked("/readyz");
    expect(ready).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^(Redis|It) doesn't answer/) as string,
    });
    expect(await asked("/healthz")).toMatchObject({ status: 200 });
    const told = await asked("/metrics");
    expect(told.text).toContain("coxswain_gate_open");
    for (const { ms } of [ready, told]) expect(ms).toBeLessThan(1000);
    if (how === "away") await world.redis.start();
    else world.redis.thaw();
    await expect.poll(async () => (await asked("/readyz")).status).toBe(200);
  },
);

test("a gate that ends is alive and not ready until what is under way has ended", async () => {
  const going = Promise.withResolvers<void>();
  world.model.answer = async (response) => {
    response.writeHead(200, STREAM).write(events({ choices: [] }));
    await going.promise;
    response.end(events({ choices: [], usage: USAGE }, "[DONE]"));
  };
  const answer = await fetch(`${gate.url}/llm/v1/chat/completions`, chatting({ stream: true }));
  expect(await metrics()).toMatchObject({ 'coxswain_gate_open{kind="request"}': 1 });
  const closing = gate.close();
  expect(await asked("/readyz")).toMatchObject({ status: 503, text: "The gate ends.\n" });
  expect((await asked("/healthz")).status).toBe(200);
  going.resolve();
  await answer.text();
  await closing;
});

test("it counts verdicts, bytes, tokens, and how long the model takes to begin", async () => {
  await fetch(`${gate.url}/hello`, { method: "POST", headers: bearer(passOf()) });
  await (await fetch(`${gate.url}/llm/v1/chat/completions`, chatting())).text();
  await fetch(`${gate.url}/llm/v1/chat/completions`, chatting({ n: 2 }));
  await fetch(`${gate.url}/made/up/${"x".repeat(50)}`);
  await expect.poll(async () => (await metrics())['coxswain_gate_open{kind="request"}']).toBe(0);
  const counted = await metrics();
  expect(counted).toMatchObject({
    'coxswain_gate_decisions_total{verb="hello",verdict="passed"}': 1,
    'coxswain_gate_decisions_total{verb="llm",verdict="passed"}': 1,
    'coxswain_gate_decisions_total{verb="llm",verdict="refused"}': 1,
    'coxswain_gate_decisions_total{verb="none",verdict="refused"}': 1,
    'coxswain_gate_tokens_total{direction="input"}': USAGE.prompt_tokens,
    'coxswain_gate_tokens_total{direction="output"}': USAGE.completion_tokens,
    coxswain_gate_model_first_byte_seconds_count: 1,
    'coxswain_gate_open{kind="tunnel"}': 0,
  });
  expect(counted['coxswain_gate_bytes_total{verb="llm"}']).toBeGreaterThan(50);
  // Nothing that a run says becomes a label.
  expect(Object.keys(counted).filter((name) => /xxx|cx-|gpt/.test(name))).toEqual([]);
});

test("what never answers is told as that within a second", async () => {
  const stuck = await startHealth({
    host: "127.0.0.1",
    port: 0,
    waits: () => new Promise(() => {}),
    registry: new Registry(),
  });
  const began = performance.now();
  const answer = await fetch(`${stuck.url}/readyz`);
  expect([answer.status, await answer.text()]).toEqual([503, "It doesn't answer in time.\n"]);
  expect(performance.now() - began).toBeLessThan(1000);
  await stuck.close();
});
