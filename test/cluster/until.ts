import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 300;

/** What `seen` finds, once it finds something. Throws, with what was waited for and the last error, if that doesn't come. */
export async function until<T>(
  what: string,
  seen: () => Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      const found = await seen();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(LOOK_MS);
  } while (Date.now() < end);
  throw new Error(`Waited ${seconds} s for ${what}, and it didn't come.`, { cause: last });
}
