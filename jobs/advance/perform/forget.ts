import { resultKey } from "../../run/keys.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/** Removes what is left of an ended run, after everything that follows from it. */
export async function forget(effect: Effect & { kind: "forget" }, ports: PerformPorts): Promise<void> {
  await ports.cluster.forget(effect.run);
  await ports.redis.del(resultKey(ports.prefix, effect.run));
  await ports.slots.free(ports.snapshot.installationId, effect.run);
}
