import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openModel } from "../testing/model.ts";
import type { TestModel } from "../testing/model.ts";
import type { AskModel } from "./ask.ts";
import { dialModel } from "./ask.ts";
import { chat } from "./chat.ts";

const BODY = '{"model":"gpt"}';

let model: TestModel;
/** In front of the model: what connects, and what it sends. */
let door: Server;
let callers: Socket[];
let sent: string;
let giveUp: AbortController;

beforeEach(async () => {
  model = await openModel();
  callers = [];
  sent = "";
  giveUp = new AbortController();
  door = createServer((caller) => {
    callers.push(caller);
    const inside = connect(Number(new URL(model.url).port), "127.0.0.1");
    caller.on("data", (bytes) => (sent += String(bytes)));
    for (const socket of [caller, inside]) socket.on("error", () => {});
    caller.pipe(inside).pipe(caller);
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
});

afterEach(async () => {
  giveUp.abort();
  door.close();
  for (const caller of callers) caller.destroy();
  await model.close();
});

/** Dials, and waits until the model has the connection. */
async function dialled(): Promise<AskModel> {
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/v1`;
  const ask = dialModel(chat, BODY, { url, key: "key" }, giveUp.signal);
  await expect.poll(() => callers.length).toBe(1);
  return ask;
}

test("nothing is sent before the model is asked, and then on the connection that is there", async () => {
  const ask = await dialled();
  expect(sent).toBe("");
  const answer = await ask();
  expect(answer.statusCode).toBe(200);
  answer.resume();
  expect(model.asked).toMatchObject([{ path: "/v1/chat/completions", body: BODY }]);
  expect(callers).toHaveLength(1);
});

test("a request that is given up closes its connection without a byte", async () => {
  await dialled();
  const closed = once(callers[0]!, "close");
  giveUp.abort();
  await closed;
  expect(sent).toBe("");
});

test("a connection that closed before the model was asked is made anew", async () => {
  const ask = await dialled();
  callers[0]!.resetAndDestroy();
  await sleep(200); // until the gate has heard of it
  const answer = await ask();
  expect(answer.statusCode).toBe(200);
  answer.resume();
  expect(model.asked).toHaveLength(1);
  expect(callers).toHaveLength(2);
});

test("what breaks after the model was asked may cost; what it never heard doesn't", async () => {
  const ask = await dialled();
  model.answer = (response) => void response.destroy();
  await expect(ask()).rejects.toMatchObject({ code: "model_unreachable", mayCost: true });
  callers = [];
  const later = await dialled();
  giveUp.abort();
  await expect(later()).rejects.toMatchObject({ code: "model_unreachable", mayCost: false });
});
