import type { Blocked } from "../../../app/words/blocked.ts";
import type { LaneAt } from "./standings.ts";

/** What needs a person, by task of a plan; null for what is about the whole issue, and what several share once. */
export function blockedOf(lanes: LaneAt[]): { task: string | null; why: Blocked }[] {
  const all = lanes.flatMap(({ lane, at }) =>
    at.kind === "blocked" ? [{ task: lane.kind === "task" ? lane.task : null, why: at.why }] : [],
  );
  const whole = all.filter(({ why }) => SHARED.has(why.kind)).slice(0, 1);
  return [
    ...whole.map(({ why }) => ({ task: null, why })),
    ...all.filter(({ why }) => !SHARED.has(why.kind)),
  ];
}

/** Reasons that are the same for every branch of the issue. */
const SHARED: ReadonlySet<Blocked["kind"]> = new Set([
  "settings",
  "empty",
  "archived",
  "text",
  "tokens",
  "network",
]);
