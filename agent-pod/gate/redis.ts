import { Redis } from "ioredis";

import { Refusal } from "./refusal.ts";

const COMMAND_MS = 2_000;

/**
 * A connection that comes back by itself. While Redis is away every command fails at once, and none is sent again later: a
 * reservation that nobody waits for any more would never be settled.
 */
export function connect(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    // A pod that is gone doesn't refuse connections: its address is silent.
    connectTimeout: COMMAND_MS,
    retryStrategy: (tries) => Math.min(50 * tries, 1_000),
  });
  // Every command tells of its own failure; without a listener ioredis prints each try to connect.
  redis.on("error", () => {});
  return redis;
}

/** Resolves when `redis` is ready, or after `ms` if it isn't: the gate then starts all the same, and refuses. */
export async function readyWithin(redis: Redis, ms: number): Promise<void> {
  if (redis.status === "ready") return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    redis.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What Redis answers. Throws a 503 `Refusal` when it doesn't: without it nobody knows what a run may do. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch {
    throw new Refusal(
      503,
      "redis_unreachable",
      "The gate can't reach Redis, so it can't tell what this run may do.",
    );
  }
}
