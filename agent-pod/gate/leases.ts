import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import { LEASE_RENEW_SECONDS, spentKey } from "../contract/lease.ts";
import type { Pass } from "../contract/pass.ts";
import { readLease } from "./admit.ts";
import { asked } from "./redis.ts";
import { Refusal } from "./refusal.ts";

const LOOK_MS = 1_500;
/** After Redis was emptied the run's follower writes the lease again, at its next renewal. */
const EMPTIED_MS = (LEASE_RENEW_SECONDS + 5) * 1_000;

/** The leases of what is under way. */
export interface Leases {
  /**
   * Runs `use`, whose signal aborts a few seconds after the run's lease is gone or its pass has expired, with the `Refusal` that
   * a new request would get; whatever `use` throws from then on is thrown as that one.
   */
  during<T>(pass: Pass, use: (gone: AbortSignal) => Promise<T>): Promise<T>;
}

/** `patienceMs`: how long a Redis that doesn't answer may stay away until leases count as gone. */
export function leaseWatch(redis: Redis, prefix: string, patienceMs: number): Leases {
  return {
    during: async (pass, use) => {
      const gone = new AbortController();
      const done = new AbortController();
      void watch(pass, gone, done.signal);
      try {
        return await use(gone.signal);
      } catch (error) {
        throw gone.signal.aborted ? gone.signal.reason : error;
      } finally {
        done.abort();
      }
    },
  };

  async function watch(pass: Pass, gone: AbortController, done: AbortSignal): Promise<void> {
    for (let seen = Date.now(); !gone.signal.aborted;) {
      await sleep(LOOK_MS, undefined, { signal: done }).catch(() => {});
      if (done.aborted) return;
      const trouble = await look(pass);
      if (!trouble) seen = Date.now();
      else if (Date.now() - seen >= trouble.bearableMs) gone.abort(trouble.refusal);
    }
  }

  /** Why the run would be refused now, and for how long that may be so. */
  async function look(pass: Pass): Promise<{ refusal: unknown; bearableMs: number } | null> {
    try {
      await readLease(redis, prefix, pass);
      if (pass.expires * 1_000 > Date.now()) return null;
      const refusal = new Refusal(403, "bad_pass", "The gate refuses this: the pass has expired.");
      return { refusal, bearableMs: 0 };
    } catch (refusal) {
      const away = refusal instanceof Refusal && refusal.code === "redis_unreachable";
      return { refusal, bearableMs: away ? patienceMs : (await wasEmptied(pass)) ? EMPTIED_MS : 0 };
    }
  }

  /** Whoever ends a lease leaves the count of what was spent; that goes only with all the rest. */
  async function wasEmptied(pass: Pass): Promise<boolean> {
    const counts = await asked(redis.exists(spentKey(prefix, pass.run))).catch(() => 0);
    return counts === 0;
  }
}
