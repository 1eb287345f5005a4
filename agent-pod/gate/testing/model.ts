import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as it came to the model's API. */
interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The model's API, which answers what a test tells it to. */
export interface TestModel {
  /** Ends in /v1. */
  url: string;
  asked: Asked[];
  /** Requests whose connection the gate gave up. */
  left: number;
  answer: (response: ServerResponse, asked: Asked) => void | Promise<void>;
  close(): Promise<void>;
}

export const USAGE = { prompt_tokens: 70, completion_tokens: 30, total_tokens: 100 };

/** A whole chat completion; `rest` is put over it. */
export function completion(rest: object = {}): string {
  const choices = [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }];
  return JSON.stringify({ id: "c1", object: "chat.completion", choices, usage: USAGE, ...rest });
}

/** Server-sent events, one per value. */
export function events(...values: unknown[]): string {
  return values
    .map((value) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`)
    .join("");
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

export const STREAM = { "content-type": "text/event-stream" };

export async function openModel(): Promise<TestModel> {
  const model: TestModel = {
    url: "",
    asked: [],
    left: 0,
    answer: (response) => answerJson(response, completion()),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = { path: request.url ?? "", headers: request.headers, body: await text(request) };
    model.asked.push(asked);
    response.once("close", () => (model.left += response.writableFinished ? 0 : 1));
    await model.answer(response, asked);
  };
  const server = createServer(
    (request, response) => void take(request, response).catch(() => response.destroy()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return model;
}
