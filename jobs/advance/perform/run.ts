import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/**
 * Has the run started, or followed again: adding a job that exists changes nothing.
 *
 * @throws {Later} where so many agents are at work that it may not start now.
 */
export async function run(effect: Effect & { kind: "run" }, ports: PerformPorts): Promise<void> {
  if (effect.order.kind === "agent") await ports.slots.claim(effect.order, ports.snapshot.repository);
  await ports.runs.add("run", effect.order, {
    jobId: effect.order.name,
    attempts: 5,
    backoff: { type: "exponential", delay: 2000 },
    removeOnComplete: true,
    removeOnFail: true,
  });
}
