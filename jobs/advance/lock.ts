import type { Redis } from "ioredis";

/** Milliseconds that a lock lives without a sign of its holder. */
const LOCK_MS = 10_000;

export interface Lock {
  /** Throws if the lock is somebody else's by now, or gone with an emptied Redis; else holds it longer. */
  still(): Promise<void>;
  release(): Promise<void>;
}

const EXTEND = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** The lock `key` for `holder`, or null if another has it. BullMQ's own lock is not enough: after FLUSHALL two jobs run. */
export async function holdLock(redis: Redis, key: string, holder: string): Promise<Lock | null> {
  if ((await redis.set(key, holder, "PX", LOCK_MS, "NX")) === null) return null;
  // A long look holds it too, without asking; what it may write is asked for by `still`.
  const timer = setInterval(
    () => void redis.eval(EXTEND, 1, key, holder, LOCK_MS).catch(() => {}),
    LOCK_MS / 3,
  );
  return {
    async still() {
      if (Number(await redis.eval(EXTEND, 1, key, holder, LOCK_MS)) !== 1)
        throw new Error(`The lock ${key} was lost.`);
    },
    async release() {
      clearInterval(timer);
      await redis.eval(RELEASE, 1, key, holder).catch(() => {});
    },
  };
}
