import type { IncomingMessage } from "node:http";

import type { Redis } from "ioredis";

import type { Pass } from "../contract/pass.ts";
import { admit } from "./admit.ts";
import type { Visit } from "./admit.ts";
import { crowd } from "./crowd.ts";
import { leaseWatch } from "./leases.ts";
import { patience } from "./patience.ts";
import type { GateSettings } from "./settings.ts";

/**
 * Lets the bearer of `pass` in for one request and runs `use` for it. Throws a `Refusal` when it may not come in, and when its
 * lease goes meanwhile. `leaving` aborts when the client goes away.
 */
export type Enter = <T>(
  asking: { pass: Pass; request: IncomingMessage; leaving: AbortSignal },
  use: (visit: Visit) => Promise<T>,
) => Promise<T>;

/** One door; how many of a run's requests may be inside at once is counted for each. */
export function door(settings: GateSettings, redis: Redis, patienceMs: number): Enter {
  const inside = crowd();
  const leases = leaseWatch(redis, settings.prefix, patienceMs);
  return ({ pass, request, leaving }, use) =>
    inside.one(pass.run, async () => {
      const patiently = patience(patienceMs, leaving);
      const admitted = await patiently(() => admit(request, pass, settings, redis));
      return leases.during(pass, (gone) => use({ ...admitted, gone, patiently }));
    });
}
