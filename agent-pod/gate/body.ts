import type { IncomingMessage } from "node:http";

import { Refusal } from "./refusal.ts";

/** The whole body of `request`. Throws a `Refusal` when it is larger than `limit` bytes or takes longer than `ms`. */
export async function readBody(request: IncomingMessage, limit: number, ms: number): Promise<Buffer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new Refusal(408, "too_slow", `The request took longer than ${ms / 1000} seconds to arrive.`),
      ),
    ms,
  );
  try {
    return await Promise.race([collect(request, limit), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not destroyed when this ends early: the refusal still has to be answered on the same socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new Refusal(413, "too_large", `The request is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
