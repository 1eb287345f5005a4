import type { Cluster, SeenRun } from "./cluster.ts";

/** How a run ended, in a few words that are always the same. */
export interface Ended {
  purpose: string;
  /** The outcome's kind, or `lost`. */
  how: string;
  /** Why it failed or was lost. */
  reason: string;
}

/**
 * `cluster`, which calls `ended` for each run whose end stands in the state: when it is forgotten. The watch tells of an end
 * in every replica and after every restart; only one replica forgets a run, and it isn't listed after.
 */
export function countingEnds(cluster: Cluster, ended: (run: Ended) => void): Cluster {
  return {
    ensure: (spec) => cluster.ensure(spec),
    list: (of) => cluster.list(of),
    follow: (name, from, signal) => cluster.follow(name, from, signal),
    remember: (name, spent) => cluster.remember(name, spent),
    stop: (name, graceMs) => cluster.stop(name, graceMs),
    watch: (told) => cluster.watch(told),
    async forget(name) {
      const run = (await cluster.list()).find((each) => each.name === name);
      await cluster.forget(name);
      if (run && run.state.kind !== "running") ended({ purpose: run.labels.purpose, ...howOf(run.state) });
    },
  };
}

function howOf(state: Exclude<SeenRun["state"], { kind: "running" }>): Omit<Ended, "purpose"> {
  if (state.kind === "lost") return { how: "lost", reason: state.reason };
  const { outcome } = state;
  return { how: outcome.kind, reason: outcome.kind === "failed" ? outcome.reason : "" };
}
