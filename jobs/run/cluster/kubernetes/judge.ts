import type { Patience, PodState, Sight } from "./ending.ts";
import { verdictOf } from "./ending.ts";

/** Says how runs stand. An end stays what it was said to be. */
export interface Judge {
  stateOf(sight: Sight): PodState;
  /** Nothing more will be asked about the Job of that uid. */
  drop(uid: string): void;
  close(): void;
}

/** A judge that calls `changed` with the name of a run that is to be looked at again, though nothing was told of it. */
export function openJudge(patience: Patience, changed: (name: string) => void): Judge {
  const ends = new Map<string, PodState>();
  const timers = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  const wake = (uid: string, name: string, again: Date | null): void => {
    const planned = timers.get(uid);
    if (planned?.at === again?.getTime()) return;
    clearTimeout(planned?.timer);
    timers.delete(uid);
    if (!again) return;
    const timer = setTimeout(() => {
      timers.delete(uid);
      changed(name);
    }, again.getTime() - Date.now());
    timers.set(uid, { at: again.getTime(), timer });
  };
  return {
    stateOf: (sight) => {
      const { uid = "", name = "" } = sight.job.metadata ?? {};
      const known = ends.get(uid);
      if (known) return known;
      const { state, again } = verdictOf(sight, patience, new Date());
      if (state.kind !== "running") ends.set(uid, state);
      wake(uid, name, again);
      return state;
    },
    drop: (uid) => {
      ends.delete(uid);
      wake(uid, "", null);
    },
    close: () => {
      for (const { timer } of timers.values()) clearTimeout(timer);
    },
  };
}
