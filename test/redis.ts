import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import { pino } from "pino";

import { openRedis } from "../app/config/redis.ts";

/** A real Redis of a test's own. */
export interface TestRedis {
  url: string;
  client: Redis;
  /** Ends the Redis alone, as seen by whoever else uses it. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Redis on a unix socket in a folder of its own. */
export async function openTestRedis(): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), "redis-"));
  const opened = await openRedis({ dir, log: pino({ level: "silent" }) });
  const client = new Redis(opened.url);
  client.on("error", () => {});
  return {
    url: opened.url,
    client,
    stop: () => opened.stop(),
    close: async () => {
      client.disconnect();
      await opened.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
