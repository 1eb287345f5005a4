import type { IncomingMessage, ServerResponse } from "node:http";

import type { Told } from "./decision.ts";
import { Refusal } from "./refusal.ts";

/** What is answered to `error`, and what the log says of it. */
export function refusalFor(error: unknown): {
  refusal: Refusal;
  verdict: "refused" | "broke";
  why: string;
} {
  if (error instanceof Refusal) return { refusal: error, verdict: "refused", why: error.message };
  const refusal = new Refusal(500, "gate_broke", "The gate broke on this request; its log tells why.");
  return { refusal, verdict: "broke", why: error instanceof Error ? error.message : String(error) };
}

/** A sentence: as git shows it, or in the shape of the model's errors, which every client reads. */
export function sendRefusal(response: ServerResponse, request: IncomingMessage, refusal: Refusal): void {
  const plain = request.url?.startsWith("/git/");
  const { message, code } = refusal;
  const body = plain
    ? `${message}\n`
    : JSON.stringify({ type: "error", error: { message, type: "coxswain", code } });
  response.writeHead(refusal.status, {
    ...refusal.headers,
    "content-type": plain ? "text/plain; charset=utf-8" : "application/json",
    // The rest of a body that was refused isn't read.
    connection: "close",
  });
  response.end(body);
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, value: unknown, why: string): Told {
  const body = JSON.stringify(value);
  response.writeHead(200, { "content-type": "application/json" }).end(body);
  return { target: "", bytes: Buffer.byteLength(body), why };
}
