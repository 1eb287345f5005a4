import type { Next, Standing } from "./standings.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RunRecord } from "./state.ts";

/** When a pull request that was just opened, or a branch that was just pushed, is looked at. */
const OPENED_MS = 2000;
/** A free place rings; this is for the ring that was lost. */
const QUEUED_MS = 60_000;

/** The earliest time at which a lane moves on without being rung. */
export function againAt(s: Snapshot, then: Next, now: Date): Date | null {
  if (then.kind !== "lanes") return null;
  const times = then.lanes.map(({ at }) => laneAgainAt(s, at, now)).filter((time) => time !== null);
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

function laneAgainAt(s: Snapshot, at: Standing, now: Date): Date | null {
  const soon = new Date(now.getTime() + OPENED_MS);
  switch (at.kind) {
    case "wait":
      return at.until;
    case "held":
      return new Date(now.getTime() + at.by.ms);
    // What we do ourselves rings nothing, and the checks of what we open may never come.
    case "open":
      return soon;
    case "merge":
      return now;
    case "review":
      return at.pull.draft ? soon : null;
    case "awaits":
      return s.planComment === null ? soon : null;
    case "queued":
      return new Date(now.getTime() + QUEUED_MS);
    case "running":
      return endsAt(s, at.run, now);
    case "run":
    case "blocked":
    case "waits":
    case "merged":
    case "skipped":
    case "asks":
      return null;
  }
}

/** A run's end rings by itself; this is for the end that nobody saw. */
function endsAt({ repository: { settings }, runs }: Snapshot, run: RunRecord, now: Date): Date | null {
  const seen = runs.find((each) => each.name === run.name);
  // What it pushed isn't seen yet.
  if (seen && seen.state.kind !== "running") return new Date(now.getTime() + OPENED_MS);
  if (settings.kind === "invalid") return null;
  const late = new Date(Date.parse(run.at) + (settings.settings.limits.minutes + 5) * 60_000);
  return late > now ? late : new Date(now.getTime() + 5 * 60_000);
}
