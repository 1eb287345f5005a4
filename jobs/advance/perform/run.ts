import { claimTrial } from "../../run/walls.ts";
import type { Effect, RunOrder } from "../decide/effects.ts";
import type { Logs } from "./logs.ts";
import type { PerformPorts } from "./ports.ts";

/**
 * Has the run started, or followed again: adding a job that exists changes nothing.
 *
 * @throws {Later} where so many agents are at work, or nothing holds their pods back, that it may not start now.
 */
export async function run(effect: Effect & { kind: "run" }, ports: PerformPorts, logs: Logs): Promise<void> {
  const { order } = effect;
  if (order.kind === "agent") {
    const { redis, prefix, snapshot } = ports;
    const isThere = snapshot.runs.some(({ name }) => name === order.name);
    await ports.slots.claim(order, snapshot.repository);
    if (!isThere) await claimTrial(redis, prefix, order.name);
  }
  await ports.runs.add("run", await withLogs(order, logs), {
    jobId: order.name,
    attempts: 5,
    backoff: { type: "exponential", delay: 2000 },
    removeOnComplete: true,
    removeOnFail: true,
  });
}

async function withLogs(order: RunOrder, logs: Logs): Promise<RunOrder> {
  const feedback = await logs.get(order.name);
  return order.kind === "agent" && feedback ? { ...order, brief: { ...order.brief, feedback } } : order;
}
