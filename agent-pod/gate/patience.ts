import { setTimeout as sleep } from "node:timers/promises";

import { Refusal } from "./refusal.ts";

const AGAIN_MS = 200;

/** Asks what may be asked twice until Redis answers. Throws the 503 `Refusal` when it doesn't in time. */
export type Patiently = <T>(ask: () => Promise<T>) => Promise<T>;

/** For one request: it is held for at most `ms` while Redis restarts, and no longer than its client waits for it. */
export function patience(ms: number, leaving: AbortSignal): Patiently {
  return async (ask) => {
    for (const until = Date.now() + ms; ; await sleep(AGAIN_MS)) {
      try {
        return await ask();
      } catch (error) {
        const away = error instanceof Refusal && error.code === "redis_unreachable";
        if (!away || leaving.aborted || Date.now() + AGAIN_MS > until) throw error;
      }
    }
  };
}
