import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { answerJson, completion, events, STREAM, USAGE } from "./testing/model.ts";
import type { World } from "./testing/world.ts";
import { bearer, chatting, openWorld, passOf, SECRETS } from "./testing/world.ts";

const CHAT = "/llm/v1/chat/completions";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
});
afterEach(() => world.close());

test("only known headers and fields go on, with the gate's key", async () => {
  const init = chatting({ unheard_of: { url: "http://evil.example" }, metadata: { run: "x" } });
  const headers = {
    ...bearer(passOf()),
    "x-forwarded-for": "1.2.3.4",
    "openai-organization": "o",
    cookie: "c",
  };
  await world.ask(CHAT, { ...init, headers });
  const [asked] = world.model.asked;
  expect(asked?.headers).toMatchObject({ authorization: `Bearer ${SECRETS.key}` });
  for (const name of ["x-forwarded-for", "openai-organization", "cookie", "x-api-key", "user-agent"]) {
    expect(asked?.headers).not.toHaveProperty(name);
  }
  expect(Object.keys(JSON.parse(asked!.body) as object).sort()).toEqual(["max_tokens", "messages", "model"]);
});

test.each([
  [
    "an error that quotes the key",
    400,
    JSON.stringify({ error: { message: `bad ${SECRETS.key}`, param: SECRETS.key } }),
    400,
  ],
  ["a refused key", 401, JSON.stringify({ error: { message: `Incorrect API key ${SECRETS.key}` } }), 502],
  ["a forbidden key", 403, `<html>${SECRETS.key}</html>`, 502],
  ["a page of the provider's proxy", 500, `<html>${SECRETS.key}</html>`, 500],
  ["an answer that quotes the key", 200, completion({ key: SECRETS.key }), 200],
  ["a redirect", 302, SECRETS.key, 502],
])("no secret is told: %s", async (_, upstream, body, status) => {
  world.model.answer = (response) =>
    void response.writeHead(upstream, { "content-type": "application/json", "x-key": SECRETS.key }).end(body);
  const answer = await world.ask(CHAT, chatting());
  expect(answer.status).toBe(status);
  const text = (await answer.text()) + JSON.stringify([...answer.headers]);
  await expect.poll(() => world.decisions.length).toBe(1);
  for (const secret of [...Object.values(SECRETS), passOf()]) {
    expect(text).not.toContain(secret);
    expect(JSON.stringify(world.decisions)).not.toContain(secret);
  }
});

test.each([
  [{ error: { message: "The context is too long." } }, "The context is too long."],
  [{ error: { message: "Slow down.", type: "t", code: "c", param: "p" }, more: 1 }, "Slow down."],
  [{ error: "model not loaded" }, "model not loaded"],
  [{ detail: "x" }, "The model's API answered 429 without a reason."],
])(
  "an error of the model's keeps its status and its sentence, and nothing else: %j",
  async (body, message) => {
    world.model.answer = (response) => {
      response.setHeader("retry-after", "7").setHeader("x-request-id", "r");
      answerJson(response, JSON.stringify(body), 429);
    };
    const answer = await world.ask(CHAT, chatting());
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.get("x-request-id")).toBe(null);
    expect(await answer.json()).toEqual({
      type: "error",
      error: { message, type: "coxswain", code: "model_error" },
    });
    await expect.poll(world.spent).toMatchObject({ spent: "0", held: "0" });
  },
);

test("a pass in an address isn't written down", async () => {
  expect((await world.ask(`/${passOf()}/${passOf()}?${passOf()}`)).status).toBe(404);
  await expect.poll(() => world.decisions.length).toBe(1);
  expect(JSON.stringify(world.decisions)).not.toContain(passOf().slice(-20));
});

test("a stream that quotes the key in pieces tells none of it", async () => {
  const [first, second] = [events({ choices: [], note: SECRETS.key }), events({ choices: [], usage: USAGE })];
  world.model.answer = async (response) => {
    response.writeHead(200, STREAM);
    for (const piece of (first + second).match(/[^]{1,7}/g) ?? []) {
      response.write(piece);
      await sleep(1);
    }
    response.end();
  };
  const text = await (await world.ask(CHAT, chatting({ stream: true }))).text();
  expect(text).toContain("note");
  expect(text).not.toContain(SECRETS.key);
});
