import type { EventEmitter } from "node:events";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type { SeenRun } from "../cluster.ts";

const LOOK_EVERY_MS = 500;

/**
 * Tells of every run once when it has ended, those that ended while nobody watched too. `bell` rings (`exit`) when a
 * child of ours ends; of others only a look tells. Returns the way to stop.
 */
export function watchEnds(
  list: () => Promise<SeenRun[]>,
  ended: (run: SeenRun) => void,
  bell: EventEmitter,
): () => Promise<void> {
  const told = new Set<string>();
  const closing = new AbortController();

  const look = async (): Promise<void> => {
    for (const run of await list()) {
      const key = `${run.name} ${run.startedAt.toISOString()}`;
      if (closing.signal.aborted || run.state.kind === "running" || told.has(key)) continue;
      told.add(key);
      ended(run);
    }
  };
  const pause = async (): Promise<void> => {
    const over = new AbortController();
    const signal = AbortSignal.any([closing.signal, over.signal]);
    await Promise.race([sleep(LOOK_EVERY_MS, undefined, { signal }), once(bell, "exit", { signal })]).catch(
      () => {},
    );
    over.abort();
  };
  const keepLooking = async (): Promise<void> => {
    for (; !closing.signal.aborted; await pause()) await look();
  };

  const looking = keepLooking();
  return async () => {
    closing.abort();
    await looking;
  };
}
