import type { Redis } from "ioredis";

/** What a write is for, most urgent first: answers to people and merges; then state; then display, which is dropped when short. */
export type Rank = "answer" | "state" | "display";

/**
 * GitHub allows 80 writes of content a minute and 500 an hour, and counts them per installation:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 * We stay below, and keep the last part of it for what is more urgent.
 */
const LIMITS = { minute: 70, hour: 450 };
const SHARE: Record<Rank, number> = { answer: 1, state: 0.85, display: 0.6 };

/** All that wait for the same window would come at once, and hold each other up. */
const APART_MS = 5000;

/** Something has no room now, or isn't to be seen yet (`why`): look again after `ms`. */
export class Later extends Error {
  readonly ms: number;
  constructor(ms: number, why: string) {
    super(`${why}: again in ${Math.ceil(ms / 1000)} s.`);
    this.name = "Later";
    this.ms = ms;
  }
}

export interface WriteBucket {
  /** Takes `writes` from the installation's bucket, or throws `Later`. */
  take(installationId: number, rank: Rank, writes: number): Promise<void>;
}

// Two fixed windows. ARGV: the limits, how many to take, seconds into each window.
const TAKE = `
local minute = tonumber(redis.call('GET', KEYS[1]) or '0')
local hour = tonumber(redis.call('GET', KEYS[2]) or '0')
if hour + ARGV[3] > tonumber(ARGV[2]) then return redis.call('PTTL', KEYS[2]) end
if minute + ARGV[3] > tonumber(ARGV[1]) then return redis.call('PTTL', KEYS[1]) end
if redis.call('INCRBY', KEYS[1], ARGV[3]) == tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], 60000) end
if redis.call('INCRBY', KEYS[2], ARGV[3]) == tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], 3600000) end
return -1
`;

/** The bucket of every installation, in Redis, so that replicas share it. */
export function writeBucket(redis: Redis, prefix: string): WriteBucket {
  return {
    async take(installationId, rank, writes) {
      const keys = [`${prefix}:writes:m:${installationId}`, `${prefix}:writes:h:${installationId}`];
      const wait = Number(
        await redis.eval(TAKE, 2, ...keys, LIMITS.minute * SHARE[rank], LIMITS.hour * SHARE[rank], writes),
      );
      if (wait < 0) return;
      throw new Later(Math.max(wait, 1000) + Math.random() * APART_MS, "GitHub's limit on writes is near");
    },
  };
}
