import type { Queue } from "bullmq";

import type { AdvancePorts } from "../../jobs/advance/advance.ts";

/** The time of one world: the app's and the twin's. It runs by itself, and a scenario moves it on. */
export interface Clock {
  now(): Date;
  /** Moves it by `ms`, without ringing what becomes due. */
  skip(ms: number): void;
}

/** A clock that shows the real time until it is moved; `skipped` hears of it. */
export function openClock(skipped: (ms: number) => void): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    skip(ms) {
      ahead += ms;
      skipped(ms);
    },
  };
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds in `90s`, `2m` or `1h`. */
export function msOf(duration: string): number {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(duration) ?? [];
  if (!amount || !unit) throw new Error(`"${duration}" is no duration: write 90s, 2m or 1h.`);
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
}

/** Milliseconds until the next alarm rings; null: there is none. */
export async function nextAlarm(alarms: Queue): Promise<number | null> {
  const waits = (await alarms.getDelayed()).map((job) => job.timestamp + job.delay - Date.now());
  return waits.length > 0 ? Math.max(0, Math.min(...waits)) : null;
}

/**
 * Moves `clock` by `ms`: alarms that are due then ring, the others are that much nearer. BullMQ counts in real time, so
 * each is set anew.
 */
export async function turn(clock: Clock, alarms: Queue, ms: number): Promise<void> {
  clock.skip(ms);
  for (const job of await alarms.getDelayed()) {
    const left = job.timestamp + job.delay - Date.now() - ms;
    const { data, opts, id } = job;
    const removed = await job.remove().then(
      () => true,
      () => false,
    );
    // It rings right now, by itself.
    if (!removed) continue;
    await alarms.add(job.name, data, { ...opts, ...(id ? { jobId: id } : {}), delay: Math.max(0, left) });
  }
}

/** Lets what the app has Redis forget after a while be `ms` older: Redis counts in real time too. */
export async function age(
  { redis, prefix }: Pick<AdvancePorts, "redis" | "prefix">,
  ms: number,
): Promise<void> {
  const keys = (await redis.keys(`${prefix}:*`)).filter((key) => !key.startsWith(`${prefix}:bull:`));
  for (const key of keys) {
    const left = await redis.pttl(key);
    if (left > 0) await redis.pexpire(key, Math.max(1, left - ms));
  }
}
