import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import { answerTo, send } from "../outgoing.ts";
import { Refusal } from "../refusal.ts";
import { basic } from "./command.ts";
import type { Origin } from "./origin.ts";

/** The two requests of a fetch: https://git-scm.com/docs/gitprotocol-http */
export type FetchStep = "info/refs?service=git-upload-pack" | "git-upload-pack";

/**
 * Passes one request of a fetch on and streams the answer back, both with headers of our own. Returns the answer's bytes. Throws
 * a `Refusal` when GitHub gives none.
 */
export async function passFetch(
  origin: Origin,
  step: FetchStep,
  client: { request: IncomingMessage; response: ServerResponse; signal: AbortSignal },
): Promise<number> {
  const { request, response, signal } = client;
  const asking = send(`${origin.url}/${step}`, {
    method: step === "git-upload-pack" ? "POST" : "GET",
    headers: { authorization: basic(origin.token), ...keptHeaders(step, request) },
    signal,
  });
  const answering = answerTo(asking).catch(() => {
    throw refusalOf(0);
  });
  // Not awaited: a request that breaks off shows in the answer, which then doesn't come.
  void pipeline(request, asking).catch(() => {});
  const answer = await answering;
  if (answer.statusCode !== 200) {
    answer.resume();
    throw refusalOf(answer.statusCode ?? 0);
  }
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
  const packing = answer.headers["content-encoding"] === "gzip" ? { "content-encoding": "gzip" } : {};
  response.writeHead(200, { "content-type": typeOf(step), "cache-control": "no-cache", ...packing });
  await pipeline(answer, response);
  return bytes;
}

function refusalOf(status: number): Refusal {
  return status >= 400 && status < 500 && status !== 429
    ? new Refusal(403, "github_refused", `GitHub doesn't let this run read the repository (${status}).`)
    : new Refusal(502, "github_unreachable", "The gate can't read the repository from GitHub right now.");
}

function keptHeaders(step: FetchStep, { headers }: IncomingMessage): Record<string, string> {
  const protocol = headers["git-protocol"];
  const kept = {
    // GitHub asks for an agent that looks like git's.
    "user-agent": "git/2 (coxswain)",
    accept: step === "git-upload-pack" ? typeOf(step) : "*/*",
    ...(typeof protocol === "string" && /^version=[012]$/.test(protocol) ? { "git-protocol": protocol } : {}),
  };
  if (step !== "git-upload-pack") return kept;
  return {
    ...kept,
    "content-type": "application/x-git-upload-pack-request",
    ...(headers["content-encoding"] === "gzip" ? { "content-encoding": "gzip" } : {}),
    ...(headers["content-length"] ? { "content-length": headers["content-length"] } : {}),
  };
}

function typeOf(step: FetchStep): string {
  return `application/x-git-upload-pack-${step === "git-upload-pack" ? "result" : "advertisement"}`;
}
