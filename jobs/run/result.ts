import type { Redis } from "ioredis";
import { z } from "zod";

import { Assessment } from "../advance/decide/state.ts";
import type { PlanResult } from "../advance/decide/snapshot.ts";
import { resultKey } from "./keys.ts";

const WEEK_SECONDS = 7 * 86_400;

const Result = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("assessed"), assessment: Assessment, tokens: z.number() }),
  z.object({ kind: z.literal("failed"), say: z.string(), retry: z.boolean(), tokens: z.number() }),
]);

/** What the run left in Redis, or null. Lost with it, the run is done again. */
export async function readResult(redis: Redis, prefix: string, run: string): Promise<PlanResult | null> {
  const text = await redis.get(resultKey(prefix, run));
  return text === null ? null : Result.parse(JSON.parse(text));
}

/** Leaves `result` for the next look. */
export async function leaveResult(
  redis: Redis,
  prefix: string,
  run: string,
  result: PlanResult,
): Promise<void> {
  await redis.set(resultKey(prefix, run), JSON.stringify(result), "EX", WEEK_SECONDS);
}
