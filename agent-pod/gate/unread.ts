import { STATUS_CODES } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { Decision } from "./decision.ts";

/** A head is there at once, or means ill. */
const HEAD_MS = 20_000;

/** What `createServer` must be told for `refuseUnread`. */
export const HEAD_LIMITS = { headersTimeout: HEAD_MS, connectionsCheckingInterval: 5_000 };

/** By node's code of the error; all others are 400. https://nodejs.org/api/http.html#event-clienterror */
const STATUS: Record<string, [status: number, why: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, `The request's head took longer than ${HEAD_MS / 1000} seconds to arrive.`],
  HPE_HEADER_OVERFLOW: [431, "The request's head is too large."],
};
const NO_HTTP = [400, "That isn't a request of HTTP."] as const;

/** Refuses what never becomes a request, because its head doesn't come, or isn't one: with a status, and a line in the log. */
export function refuseUnread(server: Server, log: (decision: Decision) => void): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }, response) => {
    answering.set(socket, response);
    response.once("close", () => answering.delete(socket));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = answering.get(socket);
    const [status, why] = STATUS[error.code ?? ""] ?? NO_HTTP;
    if (socket.writable && !response?.headersSent)
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\n\r\n`);
    socket.destroy();
    // A request whose body broke off has a line of its own, and who just went away has asked for nothing.
    if (response || error.code === "ECONNRESET" || error.code === "EPIPE") return;
    log({ run: null, verb: "", target: "", verdict: "refused", bytes: 0, why });
  });
}
