import { GraphqlResponseError } from "@octokit/graphql";
import type { Redis } from "ioredis";
import type { Logger } from "pino";

import type { Bell } from "../app/bell.ts";
import { isNotFound } from "../app/github.ts";
import type { Installation } from "../app/github.ts";
import { SweepPlansDocument } from "./advance/look/queries.gen.ts";
import type { SweepPlansQuery } from "./advance/look/queries.gen.ts";
import { waitingPlans } from "./advance/waitingPlans.ts";
import type { WaitingPlan } from "./advance/waitingPlans.ts";

export interface PlanSweepPorts {
  redis: Redis;
  prefix: string;
  bell: Bell;
  github(installationId: number): Promise<Installation>;
  log: Logger;
}

/** GitHub takes no more ids in one query. */
const PLANS_A_CALL = 100;

/**
 * Rings the issues whose waiting plan got or lost a 👍 or 👎, or was edited, every `seconds`: GitHub sends no webhook for
 * a reaction. One query for 100 plans of an installation, and none where no plan waits. A plain timer in every replica, one
 * at a time by a short lock.
 */
export function startPlanSweep(
  ports: PlanSweepPorts,
  seconds: number,
): { close(): void; now(): Promise<void> } {
  const run = () =>
    sweepOnce(ports, seconds).catch((error) => ports.log.error({ err: error }, "a sweep of plans failed"));
  const timer = setInterval(() => void run(), seconds * 1000);
  return { close: () => clearInterval(timer), now: run };
}

async function sweepOnce(ports: PlanSweepPorts, seconds: number): Promise<void> {
  const { redis, prefix, log } = ports;
  // Not released: it also keeps other replicas from sweeping again at once.
  const ms = Math.max(500, seconds * 800);
  if ((await redis.set(`${prefix}:sweeping-plans`, String(process.pid), "PX", ms, "NX")) === null) return;
  const waiting = await waitingPlans(redis, prefix).all();
  const seen = await redis.hgetall(`${prefix}:thumbs`);
  const kept: Record<string, string> = {};
  const batches = batched(waiting);
  const results = await Promise.allSettled(
    batches.map(async (plans) => {
      // One that can't be read keeps what was seen of it.
      for (const { comment } of plans) kept[comment] = seen[comment] ?? "";
      const prints = await read(plans, ports);
      const changed = plans.filter(({ comment }) => seen[comment] !== (prints.get(comment) ?? "gone"));
      await Promise.all(changed.map(({ subject }) => ports.bell.ring(subject)));
      for (const { comment } of plans) kept[comment] = prints.get(comment) ?? "gone";
    }),
  );
  await redis.del(`${prefix}:thumbs`);
  if (waiting.length > 0) await redis.hset(`${prefix}:thumbs`, kept);
  for (const result of results)
    if (result.status === "rejected")
      log.error({ err: result.reason as unknown }, "the thumbs of an installation's plans can't be read");
}

/** Those of one installation together, 100 at most. */
function batched(plans: WaitingPlan[]): WaitingPlan[][] {
  const of = Map.groupBy(plans, ({ subject }) => subject.installationId);
  return [...of.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / PLANS_A_CALL) }, (_, at) =>
      all.slice(at * PLANS_A_CALL, (at + 1) * PLANS_A_CALL),
    ),
  );
}

/** By comment, what may change of it. One that was deleted isn't there. */
async function read(plans: WaitingPlan[], ports: PlanSweepPorts): Promise<Map<string, string>> {
  const [first] = plans;
  if (!first) return new Map();
  const github = await ports.github(first.subject.installationId);
  const comments = plans.map(({ comment }) => comment);
  const { nodes } = await github.query<SweepPlansQuery>(SweepPlansDocument, { comments }).catch(partial);
  return new Map(
    nodes.flatMap((node) => (node && "up" in node ? [[node.id, JSON.stringify(node)] as const] : [])),
  );
}

/** One deleted comment makes GitHub's answer an error; the others are in it all the same. */
function partial(error: unknown): SweepPlansQuery {
  if (isNotFound(error) && error instanceof GraphqlResponseError && error.data)
    return error.data as SweepPlansQuery;
  throw error;
}
