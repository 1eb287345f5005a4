import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

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
  /** How long the next first copy is still held back, in milliseconds; null: none is. */
  nextHeld(): number | null;
  /** Lets that one go now: nothing else happens until it arrives. */
  hurry(): void;
  /** Waits until second copies have arrived too. */
  allArrived(): Promise<void>;
  /** Drops everything from now on, as if it were lost on its way. */
  losesAll(): void;
  /** Loses nothing from now on. */
  losesNothing(): void;
  close(): Promise<void>;
}

/** One in so many first copies is held back: were it all, a scenario would mostly wait. */
const HELD_BACK = 4;

/** Opens the post; without `trouble` it passes everything on at once, and once. */
export async function openPost(trouble: Trouble | null): Promise<Post> {
  let to: string | null = null;
  let losing = false;
  const seconds = new Set<Promise<number>>();
  const held = { first: holding(), second: holding() };
  const server = createServer((request, response) => {
    void take(request).then((status) => response.writeHead(status).end());
  });

  const take = async (request: IncomingMessage): Promise<number> => {
    const letter = await read(request);
    // What is held back may be lost meanwhile, too.
    const unlessLost = (): Promise<number> | number => (losing || !to ? 200 : deliver(letter, to));
    if (losing) return 200;
    if (trouble) {
      const second = held.second.back(trouble.random.upTo(trouble.holdBackMs)).then(unlessLost);
      seconds.add(second);
      void second.finally(() => seconds.delete(second));
    }
    if (trouble?.random.oneIn(HELD_BACK)) await held.first.back(trouble.random.upTo(trouble.holdBackMs));
    return unlessLost();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadsTo: (webhooks) => void (to = webhooks),
    nextHeld: held.first.next,
    hurry: held.first.hurry,
    async allArrived() {
      while (held.second.next() !== null) held.second.hurry();
      while (seconds.size > 0) await Promise.all(seconds);
    },
    losesAll: () => void (losing = true),
    losesNothing: () => void (losing = false),
    async close() {
      losing = true;
      for (const kind of Object.values(held)) while (kind.next() !== null) kind.hurry();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(seconds);
    },
  };
}

/** What is held back, each until its time or until it is hurried. */
interface Holding {
  /** Resolves after `ms` milliseconds at the latest. */
  back(ms: number): Promise<void>;
  next(): number | null;
  hurry(): void;
}

function holding(): Holding {
  const waiting = new Set<{ until: number; go: () => void }>();
  const soonest = () => [...waiting].toSorted((a, b) => a.until - b.until)[0];
  return {
    back: (ms) =>
      new Promise((resolve) => {
        const go = () => {
          clearTimeout(timer);
          waiting.delete(entry);
          resolve();
        };
        const entry = { until: Date.now() + ms, go };
        const timer = setTimeout(go, ms);
        waiting.add(entry);
      }),
    next() {
      const first = soonest();
      return first ? Math.max(0, first.until - Date.now()) : null;
    },
    hurry: () => soonest()?.go(),
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
async function deliver({ headers, body }: Letter, to: string): Promise<number> {
  try {
    return (await fetch(to, { method: "POST", headers, body: new Uint8Array(body) })).status;
  } catch {
    return 502;
  }
}
