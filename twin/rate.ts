import { nameOf, spendingOf } from "./graphql/spending.ts";
import { GitHubError } from "./errors.ts";
import type { Viewer } from "./viewer.ts";
import type { World } from "./world.ts";

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const requestsPerHour = 5000;
const anonymousPerHour = 60;
const hourMs = 3_600_000;

/** What is left of an hour's allowance; `reset` in seconds since 1970, as GitHub tells it. */
interface Rate {
  limit: number;
  used: number;
  remaining: number;
  reset: number;
}

/** What is counted by itself. */
export type Resource = "core" | "graphql";

interface Hour {
  used: number;
  resetAt: number;
}

const hours = new WeakMap<World, Map<string, Hour>>();

/** Counts one REST call. @throws GitHubError 403 when the hour's calls are spent */
export function spendCall(world: World, viewer: Viewer): void {
  const hour = hourOf(world, viewer);
  if (hour.used >= limitOf(viewer))
    throw new GitHubError(403, `API rate limit exceeded for ${nameOf(viewer)}.`);
  hour.used += 1;
}

/** What a viewer has left. */
export function rateOf(world: World, viewer: Viewer, resource: Resource): Rate {
  const limit = limitOf(viewer);
  const { used, resetAt } = resource === "core" ? hourOf(world, viewer) : spendingOf(world, viewer);
  return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) };
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit */
export function rateHeaders(world: World, viewer: Viewer, resource: Resource): Record<string, string> {
  const rate = rateOf(world, viewer, resource);
  return {
    "x-ratelimit-limit": String(rate.limit),
    "x-ratelimit-remaining": String(rate.remaining),
    "x-ratelimit-reset": String(rate.reset),
    "x-ratelimit-used": String(rate.used),
    "x-ratelimit-resource": resource,
  };
}

function limitOf(viewer: Viewer): number {
  return viewer.kind === "anonymous" ? anonymousPerHour : requestsPerHour;
}

function hourOf(world: World, viewer: Viewer): Hour {
  const all = hours.get(world) ?? new Map<string, Hour>();
  hours.set(world, all);
  const found = all.get(nameOf(viewer));
  if (found && found.resetAt > world.now()) return found;
  const fresh = { used: 0, resetAt: world.now() + hourMs };
  all.set(nameOf(viewer), fresh);
  return fresh;
}
