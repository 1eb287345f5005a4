import type { Queue } from "bullmq";
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { setTimeout as sleep } from "node:timers/promises";

/** What is read when the metrics are asked for. Every replica tells the same, but for what a cache doesn't know yet. */
export interface GaugesPorts {
  queues: readonly Queue[];
  runs(): Promise<{ working: number; waiting: number }>;
}

const STATES = ["active", "waiting", "delayed"] as const;
/** What isn't read in this time is left out: Redis is away, and probes and Prometheus don't wait for it. */
const READ_MS = 500;

/** Adds to `registry` how many jobs and runs there are now. */
export function tellNow(registry: Registry, { queues, runs }: GaugesPorts): void {
  const jobs = new Gauge({
    name: "coxswain_queue_jobs",
    help: "Jobs of the queues now; a delayed one of `alarm` is a look at a time.",
    labelNames: ["queue", "state"],
    registers: [],
    async collect() {
      this.reset();
      const counts = await soon(Promise.all(queues.map((queue) => queue.getJobCounts(...STATES))));
      for (const [at, queue] of queues.entries())
        for (const state of STATES) {
          const count = counts?.[at]?.[state];
          if (count !== undefined) this.set({ queue: queue.name, state }, count);
        }
    },
  });
  const agents = new Gauge({
    name: "coxswain_runs",
    help: "Agents' runs now: at work, and wanted but waiting for a slot.",
    labelNames: ["state"],
    registers: [],
    async collect() {
      this.reset();
      const now = await soon(runs());
      if (!now) return;
      this.set({ state: "working" }, now.working);
      this.set({ state: "waiting" }, now.waiting);
    },
  });
  registry.registerMetric(jobs);
  registry.registerMetric(agents);
}

async function soon<T>(reading: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  const late = sleep(READ_MS, null, { signal: over.signal }).catch(() => null);
  const read = await Promise.race([reading.catch(() => null), late]);
  over.abort();
  return read;
}
