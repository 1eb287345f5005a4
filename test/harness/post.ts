import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Random } from "./random.ts";

/** How the post goes wrong: every delivery comes twice, and some only after a while. */
export interface Trouble {
  random: Random;
  /** Milliseconds that one is held back at most. */
  holdBackMs: number;
}

/** The way of webhooks from GitHub to the app. */
export interface Post {
  /** Where GitHub sends them. */
  url: string;
  /** The app's address. */
  leadsTo(webhooks: string): void;
  /** Waits until second copies have arrived too. */
  allArrived(): Promise<void>;
  /** Drops everything from now on, as if it were lost on its way. */
  losesAll(): void;
  close(): Promise<void>;
}

/** One in so many first copies is held back: were it all, a scenario would mostly wait. */
const HELD_BACK = 4;

/** Opens the post; without `trouble` it passes everything on at once, and once. */
export async function openPost(trouble: Trouble | null): Promise<Post> {
  let to: string | null = null;
  let losing = false;
  const seconds = new Set<Promise<number>>();
  const server = createServer((request, response) => {
    void take(request).then((status) => response.writeHead(status).end());
  });

  const take = async (request: IncomingMessage): Promise<number> => {
    const letter = await read(request);
    if (losing || !to) return 200;
    if (trouble) {
      const second = deliver(letter, to, trouble.random.upTo(trouble.holdBackMs));
      seconds.add(second);
      void second.finally(() => seconds.delete(second));
    }
    const held = trouble?.random.oneIn(HELD_BACK) ? trouble.random.upTo(trouble.holdBackMs) : 0;
    return deliver(letter, to, held);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadsTo: (webhooks) => void (to = webhooks),
    async allArrived() {
      while (seconds.size > 0) await Promise.all(seconds);
    },
    losesAll: () => void (losing = true),
    async close() {
      losing = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(seconds);
    },
  };
}

interface Letter {
  headers: Record<string, string>;
  body: Buffer;
}

async function read(request: IncomingMessage): Promise<Letter> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const kept = Object.entries(request.headers).filter(([name]) => /^(x-|content-type|user-agent)/.test(name));
  return {
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}

/** Answers the app's status; 502 where it isn't there. */
async function deliver({ headers, body }: Letter, to: string, afterMs: number): Promise<number> {
  if (afterMs > 0) await sleep(afterMs);
  try {
    return (await fetch(to, { method: "POST", headers, body: new Uint8Array(body) })).status;
  } catch {
    return 502;
  }
}
