import { randomInt, randomUUID } from "node:crypto";
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
local key, id, amount, budget, era = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local spent = redis.call('HGET', key, 'spent')
if not spent then return {'unknown', 0, 0} end
local taken = tonumber(spent) + tonumber(redis.call('HGET', key, 'held') or 0)
if taken + tonumber(amount) > tonumber(budget) then
  redis.call('HSET', key, 'refused', budget)
  return {'over', taken, 0}
end
redis.call('HSETNX', key, 'era', era)
redis.call('HSET', key, 'hold:' .. id, amount)
redis.call('HINCRBY', key, 'held', amount)
return {'held', taken, redis.call('HGET', key, 'era')}`;

// Settling twice is settling once. A reservation of another era isn't part of what is held now, but was used.
const SETTLE = `
local key, id, era, input, output = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('HEXISTS', key, 'spent') == 0 then return 0 end
local hold = redis.call('HGET', key, 'hold:' .. id)
if hold then
  redis.call('HDEL', key, 'hold:' .. id)
  redis.call('HINCRBY', key, 'held', -hold)
elseif redis.call('HGET', key, 'era') == era then
  return 1
end
redis.call('HINCRBY', key, 'spent', input + output)
redis.call('HINCRBY', key, 'input', input)
redis.call('HINCRBY', key, 'output', output)
redis.call('HINCRBY', key, 'requests', 1)
return 1`;

const GIVE_BACK = `
local hold = redis.call('HGET', KEYS[1], 'hold:' .. ARGV[1])
if hold then
  redis.call('HDEL', KEYS[1], 'hold:' .. ARGV[1])
  redis.call('HINCRBY', KEYS[1], 'held', -hold)
end
return 1`;

const TRIES = 60;

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
  const id = randomUUID();
  const amount = worst.input + worst.output;
  const reserving = redis.eval(RESERVE, 1, key, id, amount, budget, randomInt(2 ** 47));
  // What a Redis that hangs didn't answer in time it may do all the same, later.
  reserving.catch(() => void untilDone(() => redis.eval(GIVE_BACK, 1, key, id)));
  const [kind, taken, era] = (await asked(reserving)) as [string, number, string];
  if (kind === "unknown") throw unknownSpend();
  if (kind === "over") throw budgetSpent(taken, budget);
  return {
    worst,
    settle: async ({ input, output }) => {
      const settleOnce = (): Promise<unknown> => redis.eval(SETTLE, 1, key, id, era, input, output);
      // What was used must not be forgotten because Redis is away for a moment, or the follower has yet to put the key back.
      if (!(await isDone(settleOnce))) void untilDone(settleOnce);
    },
  };
}

/** Throws the `Refusal` that a request would get if the budget is used up, or its last request didn't fit any more. */
export async function checkBudget(redis: Redis, prefix: string, run: string, budget: number): Promise<void> {
  const [spent, refused] = await asked(redis.hmget(spentKey(prefix, run), "spent", "refused"));
  if (spent == null) throw unknownSpend();
  if (Number(spent) >= budget || Number(refused ?? 0) >= budget) throw budgetSpent(Number(spent), budget);
}

async function isDone(ask: () => Promise<unknown>): Promise<boolean> {
  return (await ask().catch(() => 0)) === 1;
}

async function untilDone(ask: () => Promise<unknown>): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    await sleep(1_000, undefined, { ref: false });
    if (await isDone(ask)) return;
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
