import { leaseKey } from "../../../agent-pod/contract/lease.ts";
import { stoppedKey } from "../../run/keys.ts";
import type { Effect } from "../decide/effects.ts";
import type { PerformPorts } from "./ports.ts";

/** A run that nobody wants: first the gate refuses it, then it is ended. */
export async function stop(effect: Effect & { kind: "stop" }, ports: PerformPorts): Promise<void> {
  await ports.redis.set(stoppedKey(ports.prefix, effect.run), "1", "EX", 86_400);
  await ports.redis.del(leaseKey(ports.prefix, effect.run));
  await ports.cluster.stop(effect.run, 5000);
  await ports.slots.free(ports.snapshot.installationId, effect.run);
}
