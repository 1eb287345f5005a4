import type { Redis } from "ioredis";

import {
  LEASE_RENEW_SECONDS,
  LEASE_SECONDS,
  leaseKey,
  sealToken,
  spentKey,
} from "../../agent-pod/contract/lease.ts";
import type { Lease } from "../../agent-pod/contract/lease.ts";
import type { RunOrder } from "../advance/decide/effects.ts";
import { stoppedKey } from "./keys.ts";

/** GitHub's installation tokens live an hour; a new one is minted before that. */
const TOKEN_MS = 45 * 60_000;

export interface LeasePorts {
  redis: Redis;
  prefix: string;
  leaseKeyBytes: Buffer;
  /** A token for that repository alone, with `contents` read or write. */
  mint(of: { installationId: number; repositoryId: number; write: boolean }): Promise<string>;
}

/** A lease that is held and renewed until `end`. */
export interface HeldLease {
  /** Renews it no more; it stands until it expires. Another follower may go on. */
  release(): void;
  /** Ends it: the gate refuses the run from now on. Returns what was spent in all. */
  end(): Promise<number>;
}

/**
 * Writes the run's lease and renews it. `known` is what was spent already, as the cluster remembers it: a Redis that was
 * emptied gets it back, so that no budget grows. `renewed` hears of the spend at each renewal.
 */
export async function holdLease(
  order: RunOrder,
  known: number,
  ports: LeasePorts,
  renewed: (spent: number) => Promise<void>,
): Promise<HeldLease> {
  const { redis, prefix } = ports;
  let token = { sealed: await seal(order, ports), at: Date.now() };
  let spent = known;
  const renew = async (): Promise<void> => {
    if (await redis.exists(stoppedKey(prefix, order.name))) return;
    if (Date.now() - token.at > TOKEN_MS) token = { sealed: await seal(order, ports), at: Date.now() };
    await redis.hsetnx(spentKey(prefix, order.name), "spent", spent);
    spent = Math.max(spent, await readSpent(redis, prefix, order.name));
    await redis.expire(spentKey(prefix, order.name), 7 * 86_400);
    await redis.set(
      leaseKey(prefix, order.name),
      JSON.stringify(leaseOf(order, token.sealed)),
      "EX",
      LEASE_SECONDS,
    );
    await renewed(spent);
  };
  await renew();
  const timer = setInterval(() => void renew().catch(() => {}), LEASE_RENEW_SECONDS * 1000);
  return {
    release: () => clearInterval(timer),
    async end() {
      clearInterval(timer);
      await redis.del(leaseKey(prefix, order.name));
      spent = Math.max(spent, await readSpent(redis, prefix, order.name));
      return spent;
    },
  };
}

/** What the gate counted: settled tokens, and those held by requests that never settled, which cost their reservation. */
export async function readSpent(redis: Redis, prefix: string, run: string): Promise<number> {
  const [settled, held] = await redis.hmget(spentKey(prefix, run), "spent", "held");
  return Number(settled ?? 0) + Number(held ?? 0);
}

async function seal(order: RunOrder, ports: LeasePorts): Promise<string> {
  const { installationId, repositoryId } = order.labels;
  const token = await ports.mint({ installationId, repositoryId, write: order.terms.git.ref !== null });
  return sealToken(token, order.name, ports.leaseKeyBytes);
}

function leaseOf(order: RunOrder, token: string): Lease {
  const [owner = "", name = ""] = order.labels.repository.split("/");
  return {
    run: order.name,
    attempt: order.labels.attempt,
    purpose: order.kind === "plan" ? "plan" : order.purpose,
    repository: { id: order.labels.repositoryId, owner, name },
    issue: order.labels.issue,
    ...order.terms,
    token,
  };
}
