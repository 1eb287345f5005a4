import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";

/** Points an hour: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#primary-rate-limit */
export const pointsPerHour = 5000;
const hourMs = 3_600_000;

/** What a viewer spent of the hour that ends at `resetAt` (milliseconds since 1970). */
export interface Spending {
  used: number;
  resetAt: number;
}

const spendings = new WeakMap<World, Map<string, Spending>>();

/** The viewer's running hour; it starts with the first query. */
export function spendingOf(world: World, viewer: Viewer): Spending {
  const all = spendings.get(world) ?? new Map<string, Spending>();
  spendings.set(world, all);
  const found = all.get(nameOf(viewer));
  if (found && found.resetAt > world.now()) return found;
  const fresh = { used: 0, resetAt: world.now() + hourMs };
  all.set(nameOf(viewer), fresh);
  return fresh;
}

/** Whom GitHub names when the hour's points are spent. */
export function nameOf(viewer: Viewer): string {
  if (viewer.kind === "installation") return `installation ID ${viewer.installation.id}`;
  return viewer.kind === "user" ? `user ID ${viewer.account.id}` : viewer.kind;
}
