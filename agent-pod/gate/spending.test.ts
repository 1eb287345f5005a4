import type { ServerResponse } from "node:http";

import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { spentKey } from "../contract/lease.ts";
import { reserve } from "./llm/budget.ts";
import { connect, readyWithin } from "./redis.ts";

import { answerJson, completion, events, STREAM, USAGE } from "./testing/model.ts";
import type { World } from "./testing/world.ts";
import { chatting, openWorld, PREFIX, RUN, said } from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
});
afterEach(() => world.close());

test("a spend that nobody knows isn't zero", async () => {
  await world.redis.client.del(spentKey(PREFIX, RUN));
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 503, code: "no_lease" });
  expect(await said(world.ask("/llm/v1/models"))).toMatchObject({ status: 503, code: "no_lease" });
  expect(world.model.asked).toEqual([]);
});

test("fifty requests at once never pass the budget together", async () => {
  const budget = 2_000;
  await world.lend({ llm: { models: ["gpt"], budget } });
  let most = 0;
  world.model.answer = async (response) => {
    const { spent = "0", held = "0" } = await world.spent();
    most = Math.max(most, Number(spent) + Number(held));
    await sleep(100);
    answerJson(response, completion());
  };
  const all = await Promise.all(Array.from({ length: 50 }, () => said(world.ask(CHAT, chatting()))));
  const passed = all.filter((one) => one.status === 200).length;
  expect(passed).toBeGreaterThan(5);
  expect(passed).toBeLessThan(20);
  expect(all.filter((one) => one.status === 403 && one.code === "budget_spent")).toHaveLength(50 - passed);
  expect(most).toBeLessThanOrEqual(budget);
  expect(world.model.asked).toHaveLength(passed);
  await expect
    .poll(world.spent)
    .toMatchObject({ spent: String(passed * 100), held: "0", requests: String(passed) });
});

test("what was used is counted, of whole answers and of streams", async () => {
  await world.ask(CHAT, chatting());
  await expect.poll(world.spent).toMatchObject({ spent: "100", held: "0", input: "70", output: "30" });
  world.model.answer = (response) =>
    void response
      .writeHead(200, STREAM)
      .end(events({ choices: [{ delta: { content: "Hi" } }] }, { choices: [], usage: USAGE }, "[DONE]"));
  const streamed = await world.ask(CHAT, chatting({ stream: true }));
  expect(await streamed.text()).toContain("[DONE]");
  await expect.poll(world.spent).toMatchObject({ spent: "200", held: "0", requests: "2" });
  expect(JSON.parse(world.model.asked[1]!.body)).toMatchObject({ stream_options: { include_usage: true } });
});

/** Lets the model answer with `answer`, once. Afterwards: what that cost, and what had been reserved for it. */
function costOf(
  answer: (response: ServerResponse) => void,
): () => Promise<{ cost: number; reserved: number }> {
  let reserved = 0;
  world.model.answer = async (response) => {
    reserved = Number((await world.spent())["held"]);
    answer(response);
  };
  return async () => {
    await expect.poll(world.spent).toMatchObject({ requests: "1", held: "0" });
    return { cost: Number((await world.spent())["spent"]), reserved };
  };
}

test.each([
  ["none", undefined],
  ["a negative one", { prompt_tokens: -5, completion_tokens: -5 }],
  ["words", { prompt_tokens: "1", completion_tokens: 1 }],
])("an answer costs its reservation when its usage is %s", async (_, usage) => {
  const settled = costOf((response) => answerJson(response, completion({ usage })));
  expect((await world.ask(CHAT, chatting())).status).toBe(200);
  const { cost, reserved } = await settled();
  expect(reserved).toBeGreaterThan(110); // the 100 tokens that it may answer, and those that were sent
  expect(cost).toBe(reserved);
});

test("a stream that is cut costs its reservation, and ends as cut for the agent, too", async () => {
  const settled = costOf((response) => {
    response.writeHead(200, STREAM).write(events({ choices: [{ delta: { content: "Hi" } }] }));
    setTimeout(() => response.destroy(), 50);
  });
  const answer = await world.ask(CHAT, chatting({ stream: true }));
  await expect(answer.text()).rejects.toThrow("terminated");
  const { cost, reserved } = await settled();
  expect(cost).toBe(reserved);
});

test("an agent that leaves ends the request to the model, and pays its reservation", async () => {
  const settled = costOf((response) => response.writeHead(200, STREAM).write(events({ choices: [] })));
  const leaving = new AbortController();
  const answer = await world.ask(CHAT, { ...chatting({ stream: true }), signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  await expect.poll(() => world.model.left).toBe(1);
  const { cost, reserved } = await settled();
  expect(cost).toBe(reserved);
});

test("a model that isn't there costs nothing, and is said", async () => {
  await world.model.close();
  expect(await said(world.ask(CHAT, chatting()))).toMatchObject({ status: 502, code: "model_unreachable" });
  await expect.poll(world.spent).toMatchObject({ spent: "0", held: "0" });
});

test("a request that doesn't fit the budget is told of by the models, too, until more is lent", async () => {
  await world.lend({ llm: { models: ["gpt"], budget: 500 } });
  expect((await world.ask("/llm/v1/models")).status).toBe(200);
  expect(await said(world.ask(CHAT, chatting({ max_tokens: 600 })))).toMatchObject({
    status: 403,
    code: "budget_spent",
  });
  expect(await said(world.ask("/llm/v1/models"))).toMatchObject({ status: 403, code: "budget_spent" });
  await world.lend({ llm: { models: ["gpt"], budget: 5_000 } });
  expect((await world.ask("/llm/v1/models")).status).toBe(200);
});

test("what a Redis that hangs does late is booked once", async () => {
  const settled = costOf((response) => {
    world.redis.freeze();
    answerJson(response, completion());
  });
  const asking = world.ask(CHAT, chatting());
  await sleep(3_500); // the gate has given up, and tried again
  world.redis.thaw();
  expect((await asking).status).toBe(200);
  expect((await settled()).cost).toBe(100);
  await sleep(1_500);
  expect(await world.spent()).toMatchObject({ spent: "100", held: "0", requests: "1" });
});

test("a reservation that a Redis that hangs makes late is given back", async () => {
  const redis = connect(world.redis.url);
  await readyWithin(redis, 2_000);
  world.redis.freeze();
  await expect(reserve(redis, PREFIX, RUN, 1_000, { input: 300, output: 300 })).rejects.toMatchObject({
    status: 503,
  });
  world.redis.thaw();
  await expect.poll(world.spent).toMatchObject({ held: "600" });
  await expect.poll(world.spent, { timeout: 5_000 }).toMatchObject({ spent: "0", held: "0" });
  redis.disconnect();
});
