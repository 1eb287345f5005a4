import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Redis } from "ioredis";

import { spentKey } from "../../contract/lease.ts";
import { asked } from "../redis.ts";
import { Refusal } from "../refusal.ts";

/** Tokens of one answer, as the model counted them. */
export interface Usage {
  input: number;
  output: number;
}

/** A part of a run's budget that one request holds until it is settled. */
export interface Reservation {
  /** What it costs when nobody tells what the answer cost. */
  worst: Usage;
  /** Gives the reservation back and books `usage`: `worst` if unknown, zeros if the model did nothing. */
  settle(usage: Usage): Promise<void>;
}

// Without `spent` nobody knows what the run has used: never "zero spent". `era` tells whether Redis was emptied since, and
// `refused` remembers the budget that was too small, because `spent` alone seldom reaches it.
const RESERVE = `
local spent = redis.call('HGET', KEYS[1], 'spent')
if not spent then return {'unknown', 0, 0} end
local taken = tonumber(spent) + tonumber(redis.call('HGET', KEYS[1], 'held') or 0)
if taken + tonumber(ARGV[1]) > tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'refused', ARGV[2])
  return {'over', taken, 0}
end
redis.call('HSETNX', KEYS[1], 'era', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'held', ARGV[1])
return {'held', taken, redis.call('HGET', KEYS[1], 'era')}`;

// A reservation of another era isn't part of what is held now.
const SETTLE = `
if redis.call('HEXISTS', KEYS[1], 'spent') == 0 then return 0 end
if redis.call('HGET', KEYS[1], 'era') == ARGV[4] then redis.call('HINCRBY', KEYS[1], 'held', -ARGV[1]) end
redis.call('HINCRBY', KEYS[1], 'spent', ARGV[2] + ARGV[3])
redis.call('HINCRBY', KEYS[1], 'input', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'output', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'requests', 1)
return 1`;

const SETTLE_TRIES = 60;

/**
 * Reserves `worst` in one atomic step, so that requests at once can't pass the budget together. Throws a `Refusal`: 403
 * when the budget doesn't hold it, 503 when what was spent isn't known.
 */
export async function reserve(
  redis: Redis,
  prefix: string,
  run: string,
  budget: number,
  worst: Usage,
): Promise<Reservation> {
  const key = spentKey(prefix, run);
  const amount = worst.input + worst.output;
  const reply = await asked(redis.eval(RESERVE, 1, key, amount, budget, randomInt(2 ** 47)));
  const [kind, taken, era] = reply as [string, number, string];
  if (kind === "unknown") throw unknownSpend();
  if (kind === "over") throw budgetSpent(taken, budget);
  const settleOnce = (usage: Usage) => redis.eval(SETTLE, 1, key, amount, usage.input, usage.output, era);
  return {
    worst,
    settle: async (usage) => {
      // What was used must not be forgotten because Redis is away for a moment, or the follower has yet to put the key back.
      if (await settled(() => settleOnce(usage))) return;
      void retry(() => settleOnce(usage));
    },
  };
}

/** Throws the `Refusal` that a request would get if the budget is used up, or its last request didn't fit any more. */
export async function checkBudget(redis: Redis, prefix: string, run: string, budget: number): Promise<void> {
  const [spent, refused] = await asked(redis.hmget(spentKey(prefix, run), "spent", "refused"));
  if (spent == null) throw unknownSpend();
  if (Number(spent) >= budget || Number(refused ?? 0) >= budget) throw budgetSpent(Number(spent), budget);
}

async function settled(settle: () => Promise<unknown>): Promise<boolean> {
  return (await settle().catch(() => 0)) === 1;
}

async function retry(settle: () => Promise<unknown>): Promise<void> {
  for (let left = SETTLE_TRIES; left > 0; left -= 1) {
    await sleep(1_000, undefined, { ref: false });
    if (await settled(settle)) return;
  }
}

function unknownSpend(): Refusal {
  return new Refusal(
    503,
    "no_lease",
    "Nobody knows right now what this run has spent, so the model isn't asked.",
  );
}

/** 403, not 429: agents retry a 429 in silence. */
function budgetSpent(taken: number, budget: number): Refusal {
  return new Refusal(
    403,
    "budget_spent",
    `This run's budget of ${budget} tokens is used up: ${taken} are spent or reserved, and another request may need more than the rest.`,
  );
}
