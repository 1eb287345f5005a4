import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/** Has the run started, or followed again: adding a job that exists changes nothing. */
export async function run(effect: Effect & { kind: "run" }, ports: PerformPorts): Promise<void> {
  await ports.runs.add("run", effect.order, {
    jobId: effect.order.name,
    attempts: 5,
    backoff: { type: "exponential", delay: 2000 },
    removeOnComplete: true,
    removeOnFail: true,
  });
}
