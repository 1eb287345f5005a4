import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import type { Logger } from "pino";
import { collectDefaultMetrics } from "prom-client";
import type { Registry } from "prom-client";

import { deriveKey } from "../agent-pod/contract/pass.ts";
import { startHealth } from "../agent-pod/health.ts";
import { advanceWorker, alarmWorker } from "../jobs/advance/advance.ts";
import type { AdvancePorts } from "../jobs/advance/advance.ts";
import { runWorker } from "../jobs/run/follow.ts";
import type { Planner } from "../jobs/run/follow.ts";
import { planner } from "../jobs/plan/worker.ts";
import { openGate } from "../jobs/run/gate.ts";
import { gateKeys } from "../jobs/run/gateKeys.ts";
import type { Cluster } from "../jobs/run/cluster/cluster.ts";
import { countingEnds } from "../jobs/run/cluster/counting.ts";
import { mayRunHere } from "../jobs/run/cluster/may-run-here.ts";
import { openCluster } from "../jobs/run/cluster/open.ts";
import { openSlots } from "../jobs/run/slots.ts";
import { startSweep } from "../jobs/sweep.ts";
import { startPlanSweep } from "../jobs/sweepPlans.ts";
import { openBell } from "./bell.ts";
import type { Bell } from "./bell.ts";
import { writeBucket } from "./bucket.ts";
import type { WriteBucket } from "./bucket.ts";
import { choicesOf } from "./config/choices.ts";
import { readEnvironment, WrongEnvironment } from "./config/environment.ts";
import type { Environment } from "./config/environment.ts";
import { openRedis } from "./config/redis.ts";
import { tellNow } from "./gauges.ts";
import { appMetrics } from "./metrics.ts";
import type { AppMetrics } from "./metrics.ts";
import { GitHubAway, openGitHubApp, WEBHOOK_PATH } from "./probot.ts";
import type { Subject } from "./subject.ts";

/** What tests put in the place of a part: objects that implement its interface. */
export interface Parts {
  cluster?: Cluster;
  planner?: Planner;
  clock?: () => Date;
  log?: Logger;
  bucket?: WriteBucket;
  metrics?: AppMetrics;
  /** More environment for agents on this machine, and the ACP agent to start. */
  process?: { env?: Record<string, string>; agentCommand?: readonly string[] };
}

/** A running app. */
export interface App {
  /** Where GitHub's webhooks go. */
  webhooks: string;
  gate: string;
  ports: AdvancePorts;
  /** What it counts. */
  registry: Registry;
  /** What keeps it from its work, in sentences: Redis is away. */
  waits(): Promise<string[]>;
  /** Sweeps now, as the timer does. */
  sweep(): Promise<void>;
  /** Reads the 👍 and 👎 of plans that wait, as the timer does. */
  sweepPlans(): Promise<void>;
  /** Ends what this process does; runs go on, and so do the gate and Redis that they need, where there are any. */
  close(): Promise<void>;
}

/**
 * Starts everything: Redis, the gate, the workers, the sweep and the server. Throws where a person has to do something first,
 * and `GitHubAway`, before anything has begun, where it is enough to try again.
 */
export async function startApp(environment: Environment, parts: Parts = {}): Promise<App> {
  const log = parts.log ?? pino({ level: environment.logLevel });
  const refused = mayRunHere({ serverUrl: environment.github.server, unsafe: environment.unsafeProcess });
  if (refused && !parts.cluster && !environment.kubernetes) throw new WrongEnvironment([refused]);
  const app = await openGitHubApp(environment, log);
  const prefix = `coxswain:${environment.appId}`;
  const opened = await openRedis({ url: environment.redisUrl, dir: environment.dir, log });
  const redis = new Redis(opened.url, { maxRetriesPerRequest: 3 });
  redis.on("error", (error) => log.warn({ error: error.message }, "Redis can't be reached"));
  const { current, previous } = environment.privateKeys;
  const gate = await openGate({
    url: environment.gateUrl,
    dir: environment.dir,
    env: gateEnvironment(environment, opened.url, prefix),
  });
  const metrics = parts.metrics ?? appMetrics();
  const bucket = metrics.writes(parts.bucket ?? writeBucket(redis, prefix));
  const github = (installationId: number) => app.github(installationId, bucket);
  const home = { connection: { url: opened.url }, prefix: `${prefix}:bull` };
  const bell = await openBell(home);
  const closing = new AbortController();
  const runs = new Queue("run", home);
  runs.on("error", () => {});
  const here = { dir: environment.dir, gate: gate.url, ...parts.process };
  const where = parts.cluster
    ? { cluster: parts.cluster, close: async () => {} }
    : openCluster(environment.kubernetes, here, { appId: environment.appId, log });
  const cluster = countingEnds(where.cluster, metrics.ended);
  const ports: AdvancePorts = {
    app: { id: app.id, slug: app.slug },
    redis,
    prefix,
    cluster,
    runs,
    slots: openSlots({ redis, prefix, cluster, runs, maxRuns: environment.maxRuns }),
    bell,
    github,
    stateKey: deriveKey(current, "state"),
    ...(previous !== null && { previousStateKey: deriveKey(previous, "state") }),
    model: environment.llm.model,
    choices: choicesOf(environment.kubernetes),
    clock: parts.clock ?? (() => new Date()),
    log,
  };
  const follower = runWorker(
    {
      redis,
      prefix,
      cluster,
      bell,
      log,
      appId: app.id,
      mint: app.mint,
      leaseKeyBytes: deriveKey(current, "lease"),
      passKey: deriveKey(current, "pass"),
      planner: parts.planner ?? planner({ gateUrl: gate.url, dir: join(environment.dir, "plans") }),
    },
    home,
  );
  const looks = advanceWorker(ports, home);
  metrics.looks(looks);
  const workers = [looks, alarmWorker(bell, home, log)];
  // On this connection, which comes back sooner than BullMQ's own.
  const queue = (name: string) =>
    new Queue(name, { connection: redis, prefix: home.prefix }).on("error", () => {});
  tellNow(metrics.registry, {
    queues: ["advance", "alarm", "run"].map(queue),
    runs: async () => ({
      working: (await cluster.list()).filter((run) => run.state.kind === "running").length,
      waiting: await ports.slots.waiting(),
    }),
  });
  const unwatch = await cluster.watch(({ labels }) => {
    const [owner = "", name = ""] = labels.repository.split("/");
    const subject = {
      kind: "issue" as const,
      installationId: labels.installationId,
      owner,
      name,
      number: labels.issue,
    };
    void ringUntilHeard(bell, subject, closing.signal);
  });
  const sweep = startSweep(
    { redis, prefix, bell, cluster, github, places: app.places, log },
    environment.sweepSeconds,
  );
  const planSweep = startPlanSweep({ redis, prefix, bell, github, log }, environment.sweepPlansSeconds);
  const port = await app.listen(bell, metrics.webhook);
  const webhooks = `http://${environment.host}:${port}${WEBHOOK_PATH}`;
  log.info({ webhooks, gate: gate.url, redis: withoutPassword(opened.url), app: app.slug }, "started");
  return {
    webhooks,
    gate: gate.url,
    ports,
    registry: metrics.registry,
    waits: async () => {
      if (redis.status !== "ready") return ["Redis doesn't answer."];
      await redis.ping();
      return [];
    },
    sweep: sweep.now,
    sweepPlans: planSweep.now,
    async close() {
      closing.abort();
      sweep.close();
      planSweep.close();
      await app.close();
      await unwatch();
      await Promise.all([...workers.map((worker) => worker.close()), follower.close()]);
      const atWork = (await cluster.list()).filter((run) => run.state.kind === "running").length;
      await where.close();
      await Promise.all([bell.close(), runs.close()]);
      redis.disconnect();
      if (atWork > 0) {
        opened.leave();
        return log.info(
          { atWork, dir: environment.dir },
          "agents are at work: a gate and a Redis of our own stay up for them until the next start",
        );
      }
      await gate.stop();
      await opened.stop();
    },
  };
}

/** `redis://:word@host` as it may be shown; a socket's path as it is. */
const withoutPassword = (redisUrl: string): string => redisUrl.replace(/\/\/[^/]*@/, "//");

/** The end of a run is told once: while Redis is away it is kept. */
async function ringUntilHeard(bell: Bell, subject: Subject, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    const heard = await bell.ring(subject).then(
      () => true,
      () => false,
    );
    if (heard) return;
    await sleep(1000, undefined, { signal: closing }).catch(() => {});
  }
}

/** All that the gate is told: keys derived from the app's own, never that one. */
function gateEnvironment(environment: Environment, redisUrl: string, prefix: string): Record<string, string> {
  const keys = gateKeys(environment.privateKeys);
  return {
    REDIS_URL: redisUrl,
    GATE_PREFIX: prefix,
    GATE_PASS_KEYS: keys.pass,
    GATE_LEASE_KEYS: keys.lease,
    GITHUB_SERVER_URL: environment.github.server,
    LLM_API_URL: environment.llm.url,
    LLM_API_KEY: environment.llm.key,
  };
}

const HELP = `npm start: runs Coxswain. Its settings are environment variables; docs/operations.md lists them.
It ends on SIGTERM and SIGINT; agents that are at work go on, and the next start follows them.`;

/** Closing waits for Redis, which may be gone for good: what is left then is as after `kill -9`. */
const END_MS = 25_000;

const GITHUB_AGAIN_MS = 5000;

/** A process that ended instead would be started ever later by whoever starts it, and look like one that is broken. */
async function whenGitHubAnswers(start: () => Promise<App>, away: (why: string) => void): Promise<App> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof GitHubAway)) throw error;
      away(error.message);
      await sleep(GITHUB_AGAIN_MS);
    }
  }
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) return console.log(HELP);
  const environment = readEnvironment(process.env);
  const metrics = appMetrics();
  const { registry } = metrics;
  let waits: App["waits"] = async () => ["It starts."];
  const { host, metricsPort: port } = environment;
  if (port !== null) {
    collectDefaultMetrics({ register: registry });
    await startHealth({ host, port, waits: () => waits(), registry });
  }
  const log = pino({ level: environment.logLevel });
  const app = await whenGitHubAnswers(
    () => startApp(environment, { metrics, log }),
    (why) => {
      waits = async () => [why];
      log.warn({ again: GITHUB_AGAIN_MS }, why);
    },
  );
  waits = app.waits;
  console.log(JSON.stringify({ webhooks: app.webhooks, gate: app.gate }));
  let ending: number | null = null;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // npm passes a signal on that the whole group got already: that is one, not two.
      if (ending !== null && Date.now() - ending > 1000) process.exit(1);
      if (ending !== null) return;
      ending = Date.now();
      waits = async () => ["It ends."];
      setTimeout(() => process.exit(1), END_MS).unref();
      void app.close().then(() => process.exit(0));
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
