import type { Socket } from "node:net";

import type { Hello } from "./hello.ts";
import { HELLO_BYTES, helloIn } from "./hello.ts";

const HELLO_MS = 10_000;

/** The first bytes of a connection, and what they are when all is there that tells it. */
export interface First {
  bytes: Buffer;
  hello: Exclude<Hello, { kind: "unfinished" }>;
}

/** Reads from `client` until it is known what it begins with, and leaves the rest unread. Never throws. */
export async function readFirst(client: Socket): Promise<First> {
  const room = Buffer.alloc(HELLO_BYTES);
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    client.destroy();
  }, HELLO_MS);
  try {
    for await (const chunk of client.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const fits = chunk.copy(room, size);
      size += fits;
      const bytes = room.subarray(0, size);
      const hello = helloIn(bytes);
      if (hello.kind === "unfinished") continue;
      // What came behind a ClientHello may not all have fit.
      return { bytes: Buffer.concat([bytes, chunk.subarray(fits)]), hello };
    }
  } catch {
    // it was closed, by the client or when it was late
  } finally {
    clearTimeout(timer);
  }
  const why = late
    ? `it said nothing whole within ${HELLO_MS / 1000} seconds`
    : "it ended before it began TLS";
  return { bytes: room.subarray(0, size), hello: { kind: "refused", why } };
}
