import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import { notesKey } from "../contract/lease.ts";
import { Note } from "../contract/notes.ts";
import type { Visit } from "./admit.ts";
import { readLease } from "./admit.ts";
import { asked } from "./redis.ts";
import { Refusal } from "./refusal.ts";

const POLL_MS = 25_000;
/** How soon a poll notices that its run was stopped: a lease that goes says so to nobody. */
const LEASE_MS = 1_000;

/**
 * The run's notes with a number above `after`: as soon as there is one, or none after 25 s, or when `leaving`. While Redis
 * restarts it is held, as every request is.
 */
export interface NotesRoute {
  wait(visit: Visit, after: number, leaving: AbortSignal): Promise<Note[]>;
}

/** `subscriber` is a connection that does nothing else. */
export function notesRoute(prefix: string, redis: Redis, subscriber: Redis): NotesRoute {
  /** Who waits for news, by channel. */
  const waiting = new Map<string, Set<() => void>>();
  subscriber.on("message", (channel: string) => waiting.get(channel)?.forEach((tell) => tell()));

  return {
    wait: async (visit, after, leaving) => {
      const { pass, patiently } = visit;
      const channel = notesKey(prefix, pass.run);
      const news = await patiently(() => listen(channel));
      try {
        for (const until = Date.now() + POLL_MS; ;) {
          const notes = await patiently(() => readNotes(channel, after));
          if (notes.length > 0 || leaving.aborted || Date.now() >= until) return notes;
          await news.within(Math.min(LEASE_MS, until - Date.now()), leaving);
          await patiently(() => readLease(redis, prefix, pass));
        }
      } finally {
        await news.close();
      }
    },
  };

  async function readNotes(key: string, after: number): Promise<Note[]> {
    const texts = await asked(redis.lrange(key, 0, -1));
    return texts.flatMap(noteIn).filter((note) => note.n > after);
  }

  async function listen(channel: string): Promise<News> {
    const mine = waiting.get(channel) ?? new Set();
    waiting.set(channel, mine);
    let rang = false;
    let wake = (): void => {};
    const tell = (): void => {
      rang = true;
      wake();
    };
    const close = async (): Promise<void> => {
      mine.delete(tell);
      if (mine.size > 0) return;
      waiting.delete(channel);
      await subscriber.unsubscribe(channel).catch(() => {});
    };
    mine.add(tell);
    try {
      await asked(subscriber.subscribe(channel));
    } catch (error) {
      await close();
      throw error;
    }
    return {
      close,
      within: async (ms, leaving) => {
        const timer = new AbortController();
        wake = () => timer.abort();
        if (!rang)
          await sleep(ms, undefined, { signal: AbortSignal.any([timer.signal, leaving]) }).catch(() => {});
        rang = false;
      },
    };
  }
}

/** News on one channel. */
interface News {
  /** Resolves at the next message, at once if there was one since, or after `ms`, or when `leaving`. */
  within(ms: number, leaving: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A list entry as a note; what isn't one is left out, since one bad entry must not hide the word to stop. */
function noteIn(text: string): Note[] {
  try {
    return [Note.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}

/** The number in `/notes?after=3`. Throws a `Refusal`. */
export function afterOf(url: URL): number {
  const after = url.searchParams.get("after") ?? "0";
  if (!/^\d{1,15}$/.test(after))
    throw new Refusal(400, "bad_request", "`after` must be the number of the last note that was read.");
  return Number(after);
}
