import type { Worker } from "bullmq";
import { Counter, Histogram, Registry } from "prom-client";
import { z } from "zod";

import { Later } from "./bucket.ts";
import type { WriteBucket } from "./bucket.ts";

/** What the app counts, for Prometheus. Names of repositories, people and runs are no labels. */
export interface AppMetrics {
  registry: Registry;
  /** Counts the looks of the worker of `advance`, and what they did. */
  looks(worker: Worker): void;
  webhook(event: string): void;
  /** `bucket`, counted. */
  writes(bucket: WriteBucket): WriteBucket;
  ended(run: EndedRun): void;
}

/** How an agent's run ended: with which outcome, or `lost`; and why, where that was not to be. */
export interface EndedRun {
  purpose: string;
  how: string;
  reason: string;
}

/** What the worker says of a look, as far as it is counted. */
const Look = z.object({
  phase: z.string().nullable().optional(),
  effects: z.array(z.string()).default([]),
  waits: z.string().optional(),
  failed: z.string().optional(),
});

/** A look is a few calls of GitHub; Kubernetes and a plan of fifty tasks make it longer. */
const LOOK_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Up to the hour that GitHub counts by. */
const WAIT_SECONDS = [1, 5, 15, 30, 60, 300, 900, 3600];

export function appMetrics(): AppMetrics {
  const registry = new Registry();
  const registers = [registry];
  const looks = new Histogram({
    name: "coxswain_look_duration_seconds",
    help: "Looks: from taking the job to its end, what was done included.",
    labelNames: ["outcome"],
    buckets: LOOK_SECONDS,
    registers,
  });
  const effects = new Counter({
    name: "coxswain_effects_total",
    help: "Effects of looks, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const webhooks = new Counter({
    name: "coxswain_webhooks_total",
    help: "Webhooks whose signature was good.",
    labelNames: ["event"],
    registers,
  });
  const writes = new Counter({
    name: "coxswain_github_writes_total",
    help: "Writes that the bucket let through, by what they are for.",
    labelNames: ["rank"],
    registers,
  });
  const waits = new Histogram({
    name: "coxswain_github_write_wait_seconds",
    help: "How long a write was told to wait, each time that the bucket had no room.",
    labelNames: ["rank"],
    buckets: WAIT_SECONDS,
    registers,
  });
  const ended = new Counter({
    name: "coxswain_runs_ended_total",
    help: "Agents' runs whose end is recorded, by how they ended.",
    labelNames: ["purpose", "how", "reason"],
    registers,
  });
  return {
    registry,
    looks: (worker) => {
      worker.on("completed", (job, result) => {
        const look = Look.parse(JSON.parse(String(result)));
        looks.observe({ outcome: outcomeOf(look) }, secondsOf(job));
        for (const kind of look.effects) effects.inc({ kind });
      });
      worker.on("failed", (job) => job && looks.observe({ outcome: "failed" }, secondsOf(job)));
    },
    webhook: (event) => webhooks.inc({ event }),
    writes: (bucket) => ({
      async take(installationId, rank, count) {
        try {
          await bucket.take(installationId, rank, count);
          writes.inc({ rank }, count);
        } catch (error) {
          if (error instanceof Later) waits.observe({ rank }, error.ms / 1000);
          throw error;
        }
      },
    }),
    ended: ({ purpose, how, reason }) => ended.inc({ purpose, how, reason }),
  };
}

function outcomeOf({ phase, waits, failed }: z.infer<typeof Look>): string {
  if (failed !== undefined) return "failed";
  if (waits !== undefined) return "postponed";
  return phase == null ? "nothing" : "decided";
}

function secondsOf({ processedOn, finishedOn }: { processedOn?: number; finishedOn?: number }): number {
  return processedOn === undefined || finishedOn === undefined ? 0 : (finishedOn - processedOn) / 1000;
}
