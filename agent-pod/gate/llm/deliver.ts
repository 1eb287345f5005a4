import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import { Refusal } from "../refusal.ts";
import type { Api } from "./api.ts";
import type { Usage } from "./budget.ts";
import { eventsIn } from "./events.ts";

const ANSWER_BYTES = 32 * 1024 * 1024;

/** What is left to send when the answer has been read, and what it cost, if it told. */
export interface Delivered {
  usage: Usage | null;
  rest: string;
}

/** Passes the model's answer on, but for its end: what it cost is booked before the agent can ask again. */
export async function deliver(
  api: Api,
  answer: IncomingMessage,
  response: ServerResponse,
  clean: (text: string) => string,
): Promise<Delivered> {
  if (/^text\/event-stream\b/.test(answer.headers["content-type"] ?? ""))
    return deliverStream(api, answer, response, clean);
  return deliverWhole(api, answer, response, clean);
}

async function deliverStream(
  api: Api,
  answer: IncomingMessage,
  response: ServerResponse,
  clean: (text: string) => string,
): Promise<Delivered> {
  const reader = api.reader();
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  await pipeline(
    answer,
    async function* (body: AsyncIterable<Buffer>) {
      for await (const { raw, parsed } of eventsIn(body)) {
        parsed.forEach(reader.see);
        yield clean(raw);
      }
    },
    response,
    { end: false },
  );
  return { usage: reader.usage(), rest: "" };
}

async function deliverWhole(
  api: Api,
  answer: IncomingMessage,
  response: ServerResponse,
  clean: (text: string) => string,
): Promise<Delivered> {
  const text = await wholeText(answer);
  const usage = api.usage(parsed(text));
  response.writeHead(200, { "content-type": "application/json" });
  return { usage, rest: clean(text) };
}

async function wholeText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES)
      throw new Refusal(502, "model_error", `The model's answer is larger than ${ANSWER_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(502, "model_error", "The model's answer isn't JSON.");
  }
}
