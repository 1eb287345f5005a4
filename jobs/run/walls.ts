import type { Redis } from "ioredis";

import { Later } from "../../app/bucket.ts";

/** So long no agent starts after the pod of one could reach more than the gate. */
const HELD_MS = 5 * 60_000;
/** Then one starts, to show how it is now; after so long without a word of it the next. */
const TRIAL_MS = 60_000;
const DAY_SECONDS = 86_400;

/** Why no agent starts: what the pod of one could reach, in words for people; and for how long. */
export interface Held {
  reached: string;
  ms: number;
}

/** What was reached last, for as long as nothing showed the contrary. */
const openKey = (prefix: string): string => `${prefix}:walls:open`;
/** The run that is to show how it is now. While it is there no other starts. */
const trialKey = (prefix: string): string => `${prefix}:walls:trial`;

/** Takes in what a pod showed of the network (`walls` of its lines). */
export async function tellWalls(
  redis: Redis,
  prefix: string,
  { open, text }: { open: boolean; text: string },
): Promise<void> {
  if (!open) return void (await redis.del(openKey(prefix), trialKey(prefix)));
  await redis
    .multi()
    .set(openKey(prefix), text, "EX", DAY_SECONDS)
    .set(trialKey(prefix), "", "PX", HELD_MS)
    .exec();
}

/** What keeps agents from starting now, or null. */
export async function heldBack(redis: Redis, prefix: string): Promise<Held | null> {
  const [reached, ms] = await Promise.all([redis.get(openKey(prefix)), redis.pttl(trialKey(prefix))]);
  return reached === null || ms <= 0 ? null : { reached, ms };
}

/**
 * Lets a run start, where nothing is known against it; otherwise one at a time.
 *
 * @throws {Later} where no agent may start now.
 */
export async function claimTrial(redis: Redis, prefix: string, run: string): Promise<void> {
  if ((await redis.exists(openKey(prefix))) === 0) return;
  const taken = await redis.set(trialKey(prefix), run, "PX", TRIAL_MS, "NX");
  if (taken !== null || (await redis.get(trialKey(prefix))) === run) return;
  const ms = await redis.pttl(trialKey(prefix));
  throw new Later(Math.max(ms, 1000), "NetworkPolicy isn't enforced, so no agent starts");
}
