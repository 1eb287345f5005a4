import { claimTrial } from "../../run/walls.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/**
 * Has the run started, or followed again: adding a job that exists changes nothing.
 *
 * @throws {Later} where so many agents are at work, or nothing holds their pods back, that it may not start now.
 */
export async function run(effect: Effect & { kind: "run" }, ports: PerformPorts): Promise<void> {
  const { order } = effect;
  if (order.kind === "agent") {
    const { redis, prefix, snapshot } = ports;
    const isThere = snapshot.runs.some(({ name }) => name === order.name);
    await ports.slots.claim(order, snapshot.repository);
    if (!isThere) await claimTrial(redis, prefix, order.name);
  }
  await ports.runs.add("run", order, {
    jobId: order.name,
    attempts: 5,
    backoff: { type: "exponential", delay: 2000 },
    removeOnComplete: true,
    removeOnFail: true,
  });
}
