import { age, msOf, nextAlarm, turn } from "./clock.ts";
import { untilQuiet } from "./quiet.ts";
import type { Stage } from "./stage.ts";
import { view } from "./view.ts";
import type { View } from "./view.ts";

/** How long somebody takes before the next act: GitHub's times are whole seconds. */
const MOMENT_MS = 2000;

/** What happens on a stage, one thing after the other. */
export interface Acts {
  /**
   * Does `work` a moment after what was before, and waits until all that follows from it has happened. Then `seen` is
   * what GitHub shows.
   */
  act<T>(work: () => Promise<T>): Promise<T>;
  /** Lets time go by (`90s`, `2m`): what is due then happens at its time. */
  passes(duration: string): Promise<void>;
  seen(): View;
}

/** The acts on `stage`; `looked` hears of each new view. */
export function openActs(stage: Stage, looked: (seen: View) => void): Acts {
  let seen: View = { issues: [], pulls: [], said: [] };
  const alarms = stage.queues.alarm;
  // What the app's limit on writes counts: in a story it is long ago whenever somebody acts.
  const forgetWrites = async () => {
    const { redis, prefix } = stage.app.ports;
    const counts = await redis.keys(`${prefix}:writes:*`);
    if (counts.length > 0) await redis.del(counts);
  };
  const settle = async () => {
    await untilQuiet(stage);
    seen = await view(stage.people.admin.octokit);
    looked(seen);
  };
  const pass = async (ms: number) => {
    for (let left = ms; left > 0;) {
      const next = await nextAlarm(alarms);
      const step = next === null ? left : Math.min(next, left);
      await turn(stage.clock, alarms, step);
      left -= step;
      if (next !== null && next <= step) await untilQuiet(stage);
      if (step === 0 && next === null) return;
    }
  };
  return {
    seen: () => seen,
    async act(work) {
      await pass(MOMENT_MS);
      await forgetWrites();
      const result = await work();
      await settle();
      return result;
    },
    async passes(duration) {
      await pass(msOf(duration));
      await age(stage.app.ports, msOf(duration));
      await settle();
    },
  };
}
