import { request as requestHttp } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";

/** Milliseconds that an upstream may stay silent. A model that thinks says nothing for minutes. */
const IDLE_MS = 10 * 60_000;

/**
 * A request to GitHub or the model: node's own client, because `fetch` unpacks bodies, follows redirects and gives up on a silent
 * model. Each has a connection of its own: a kept one may be closed under a request that can't be sent twice.
 */
export function send(
  url: string,
  options: Pick<RequestOptions, "method" | "signal" | "createConnection"> & {
    headers: Record<string, string>;
  },
): ClientRequest {
  const make = url.startsWith("https:") ? requestHttps : requestHttp;
  const request = make(url, options.createConnection ? options : { ...options, agent: false });
  request.setTimeout(IDLE_MS, () => request.destroy(new Error("it stayed silent for too long")));
  return request;
}

/** The answer's head. Rejects when there is none. */
export function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
  });
}
