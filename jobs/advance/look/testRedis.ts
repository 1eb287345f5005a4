import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import pino from "pino";
import { afterAll, beforeAll, beforeEach } from "vitest";

import { openRedis } from "../../../app/config/redis.ts";

/** A real Redis for the tests of one file, empty before each; call the result inside a test. */
export function testRedis(): () => Redis {
  let redis: Redis;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), "look-"));
    const opened = await openRedis({ dir, log: pino({ level: "silent" }) });
    redis = new Redis(opened.url);
    close = async () => {
      redis.disconnect();
      await opened.stop();
      await rm(dir, { recursive: true });
    };
  });
  beforeEach(() => redis.flushall());
  afterAll(() => close());
  return () => redis;
}
