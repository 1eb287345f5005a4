import type { Brief } from "../../agent-pod/contract/brief.ts";
import type { Line } from "../../agent-pod/contract/lines.ts";
import type { Cluster, RunSpec, SeenRun } from "../../jobs/run/cluster/cluster.ts";

/** A run in memory: what it was told, and how it stands. */
interface Run {
  spec: RunSpec;
  seen: SeenRun;
  lines: Line[];
  /** Resolves with the next line, or with the end. */
  news: PromiseWithResolvers<void>;
}

/** A cluster in memory, whose agents do what the scenario says. */
export interface MemoryCluster {
  cluster: Cluster;
  /** The brief of the run at work on `task`, or of the only one at work. Throws if there is no such run. */
  at(task?: string): Brief;
  /** Tasks that agents are at work on. */
  atWork(): string[];
  /** The agent's run prints a line. */
  prints(run: string, line: Line): void;
  end(run: string, how: Extract<SeenRun["state"], { kind: "ended" | "lost" }>): void;
}

/** `begun` hears of each run that starts. */
export function memoryCluster(now: () => Date, begun: (brief: Brief) => void = () => {}): MemoryCluster {
  const runs = new Map<string, Run>();
  const watchers = new Set<(run: SeenRun) => void>();
  const running = () => [...runs.values()].filter(({ seen }) => seen.state.kind === "running");
  const end: MemoryCluster["end"] = (name, how) => {
    const run = runs.get(name);
    if (run?.seen.state.kind !== "running") return;
    run.seen = { ...run.seen, state: how };
    run.news.resolve();
    for (const ended of watchers) ended(run.seen);
  };
  const cluster: Cluster = {
    async ensure(spec) {
      const { name, labels } = spec;
      const there = runs.get(name);
      if (there && JSON.stringify(there.seen.labels) !== JSON.stringify(labels))
        throw new Error(`There is another run of the name ${name}.`);
      if (there) return;
      const seen: SeenRun = { name, labels, startedAt: now(), state: { kind: "running" }, spent: 0 };
      runs.set(name, { spec, seen, lines: [], news: Promise.withResolvers() });
      begun(spec.brief);
    },
    list: async (of) =>
      [...runs.values()]
        .map((run) => run.seen)
        .filter(
          ({ labels }) => !of || (labels.repositoryId === of.repositoryId && labels.issue === of.issue),
        ),
    async *follow(name, from, signal) {
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      const run = runs.get(name);
      if (!run) return;
      for (let at = from; !signal.aborted;) {
        for (const line of run.lines.slice(at)) yield line;
        at = Math.max(at, run.lines.length);
        if (run.seen.state.kind !== "running") return;
        await Promise.race([run.news.promise, aborted.promise]);
      }
    },
    async remember(name, spent) {
      const run = runs.get(name);
      if (run) run.seen = { ...run.seen, spent: Math.max(run.seen.spent, spent) };
    },
    stop: async (name) => end(name, { kind: "lost", at: now(), say: "It was stopped.", reason: "deleted" }),
    async forget(name) {
      if (runs.get(name)?.seen.state.kind === "running") throw new Error(`The run ${name} still runs.`);
      runs.delete(name);
    },
    async watch(ended) {
      watchers.add(ended);
      return async () => void watchers.delete(ended);
    },
  };
  return {
    cluster,
    prints(name, line) {
      const run = runs.get(name);
      if (!run) throw new Error(`There is no run ${name}.`);
      run.lines.push(line);
      run.news.resolve();
      run.news = Promise.withResolvers();
    },
    end,
    atWork: () => running().map(({ seen }) => seen.labels.task),
    at(task) {
      const found = running().filter(({ seen }) => !task || seen.labels.task === task);
      if (found.length !== 1 || !found[0])
        throw new Error(`${found.length} agents are at work${task ? ` on ${task}` : ""}, not one.`);
      return found[0].spec.brief;
    },
  };
}
