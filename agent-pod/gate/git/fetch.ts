import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import { Refusal } from "../refusal.ts";
import { basic } from "./command.ts";
import type { Origin } from "./origin.ts";
import { relay, sendRaw } from "./relay.ts";

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
  const headers = { authorization: basic(origin.token), ...keptHeaders(step, request) };
  const method = step === "git-upload-pack" ? "POST" : "GET";
  return new Promise((resolve, reject) => {
    let relays = false;
    const asking = sendRaw(`${origin.url}/${step}`, { method, headers, signal }, (answer, upstream) => {
      const { statusCode: status = 0, headers: given } = answer;
      const packing = given["content-encoding"] === "gzip" ? { "content-encoding": "gzip" } : {};
      const headers = { "content-type": typeOf(step), "cache-control": "no-cache", ...packing };
      const done = (bytes: number | Error): void => (bytes instanceof Error ? reject(bytes) : resolve(bytes));
      const sink = status === 200 ? relay({ answer, upstream }, { response, headers }, done) : null;
      relays = sink !== null;
      if (!sink) reject(refusalOf(status));
      return sink;
    });
    asking.on("error", () => relays || reject(refusalOf(0)));
    // Not awaited: a request that breaks off shows in the answer, which then doesn't come.
    void pipeline(request, asking).catch(() => {});
  });
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
