import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Queue } from "bullmq";

import type { Brief } from "../../agent-pod/contract/brief.ts";
import type { WriteBucket } from "../../app/bucket.ts";
import type { Environment } from "../../app/config/environment.ts";
import { startApp } from "../../app/main.ts";
import type { App } from "../../app/main.ts";
import { openClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { memoryCluster } from "./cluster.ts";
import type { MemoryCluster } from "./cluster.ts";
import { openGitHub } from "./github.ts";
import type { GitHub, GitHubGiven } from "./github.ts";
import { openLog } from "./log.ts";
import type { Log } from "./log.ts";
import { scriptedPlanner } from "./planner.ts";
import type { ScriptedPlanner } from "./planner.ts";
import { openPost } from "./post.ts";
import type { Post, Trouble } from "./post.ts";

/** What a scenario may have otherwise than the others. */
export interface Given extends GitHubGiven {
  trouble?: Trouble;
  /** How many agents may be at work in all. */
  maxRuns?: number;
  /** Hears of each agent that starts. */
  begun?: (brief: Brief) => void;
  /** What limits the app's writes. */
  bucket?: WriteBucket;
}

/** One world: a twin, a Redis and the app, with the planner and the crew replaced. */
export interface Stage extends GitHub {
  app: App;
  /** The app's and the twin's. */
  clock: Clock;
  post: Post;
  log: Log;
  planner: ScriptedPlanner;
  cluster: MemoryCluster;
  /** The app's queues. */
  queues: Record<"advance" | "alarm" | "run", Queue>;
  /** The app's timer reads the 👍 and 👎 of plans. */
  readsThumbs(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";

/** Sets one up. */
export async function openStage(given: Given): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "stage-"));
  const post = await openPost(given.trouble ?? null);
  const github = await openGitHub(given, join(dir, "twin"), post.url);
  const clock = openClock((ms) => github.twin.advance(ms));
  const log = openLog();
  const planner = scriptedPlanner();
  const cluster = memoryCluster(clock.now, given.begun);
  const app = await startApp(
    { ...environmentOf(github, dir), maxRuns: given.maxRuns ?? 20 },
    {
      cluster: cluster.cluster,
      planner,
      clock: clock.now,
      log: log.logger,
      ...(given.bucket ? { bucket: given.bucket } : {}),
    },
  );
  post.leadsTo(app.webhooks);
  const queues = queuesOf(app, dir);
  return {
    ...github,
    app,
    clock,
    post,
    log,
    planner,
    cluster,
    queues,
    async readsThumbs() {
      // Else it would have read them a moment ago.
      await app.ports.redis.del(`${app.ports.prefix}:sweeping-plans`);
      await app.sweepPlans();
    },
    async close() {
      await post.close();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      // What is still at work would keep Redis up.
      for (const run of await cluster.cluster.list()) await cluster.cluster.stop(run.name, 0);
      await app.close();
      await github.twin.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The queues of an app whose Redis is its own, in `dir`. */
export function queuesOf({ ports }: App, dir: string): Stage["queues"] {
  const home = { connection: { url: join(dir, "redis", "redis.sock") }, prefix: `${ports.prefix}:bull` };
  const queue = (name: string) => new Queue(name, home).on("error", () => {});
  return { advance: queue("advance"), alarm: queue("alarm"), run: queue("run") };
}

/** The settings of an app in `dir`, with a GitHub, and without what agents need. */
export function environmentOf({ twin, registered }: GitHub, dir: string): Environment {
  return {
    appId: registered.app.id,
    privateKeys: { current: registered.privateKey, previous: null },
    webhookSecret: registered.webhookSecret,
    github: { api: twin.world.urls.api, server: twin.world.urls.web },
    host: "127.0.0.1",
    port: 0,
    redisUrl: undefined,
    gateUrl: NOWHERE,
    llm: { url: `${NOWHERE}/v1`, key: "none", model: "scripted" },
    dir,
    unsafeProcess: false,
    kubernetes: null,
    maxRuns: 20,
    // They are held still: a scenario that wants one sweeps by itself.
    sweepSeconds: 86_400,
    metricsPort: null,
    sweepPlansSeconds: 86_400,
    logLevel: "info",
  };
}
