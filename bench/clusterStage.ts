import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { deriveKey } from "../agent-pod/contract/pass.ts";
import type { KubernetesSettings } from "../app/config/kubernetes.ts";
import { startApp } from "../app/main.ts";
import type { App } from "../app/main.ts";
import { openRedis } from "../app/config/redis.ts";
import { openGate } from "../jobs/run/gate.ts";
import type { OpenedGate } from "../jobs/run/gate.ts";
import { openGitHub } from "../test/harness/github.ts";
import type { GitHub, GitHubGiven } from "../test/harness/github.ts";
import { openLog } from "../test/harness/log.ts";
import type { Log } from "../test/harness/log.ts";
import { scriptedPlanner } from "../test/harness/planner.ts";
import { openPost } from "../test/harness/post.ts";
import type { Post } from "../test/harness/post.ts";
import { environmentOf, queuesOf } from "../test/harness/stage.ts";

const POLL_MS = 20;
/** pino's level of errors. */
const ERROR = 50;

/** A twin, a Redis and the app in this process, whose agents are Jobs of a real cluster. The planner finds every issue simple. */
export interface ClusterStage extends GitHub {
  app: App;
  post: Post;
  log: Log;
  /** The file that the gate's log is in, where there is a gate. */
  gateLog: string;
  /** Resolves when no webhook is under way and nothing is looked at. Throws what failed in the app. */
  still(): Promise<void>;
  close(): Promise<void>;
}

/** What agents that work need: this machine's address as pods reach it, and the model's API. */
interface Around {
  host: string;
  llmUrl: string;
}

/** Without a limit on writes, so that what is set up for a benchmark doesn't wait for it. */
export async function openClusterStage(
  given: GitHubGiven,
  kubernetes: Pick<KubernetesSettings, "namespace" | "image" | "podTemplate">,
  around: Around | null = null,
): Promise<ClusterStage> {
  const dir = await mkdtemp(join(tmpdir(), "bench-stage-"));
  const post = await openPost(null);
  const github = await openGitHub(given, join(dir, "twin"), post.url);
  // What is thrown away needs no saving, and the time that it takes isn't the app's.
  github.twin.world.changed = () => {};
  const log = openLog();
  const redis = await openRedis({ dir, log: log.logger });
  const gate = around && (await gateFor(github, { dir, redisUrl: redis.url, ...around }));
  const app = await startApp(
    {
      ...environmentOf(github, dir),
      ...(gate && around && { gateUrl: gate.url.replace("0.0.0.0", around.host) }),
      maxRuns: 1000,
      kubernetes: { ...kubernetes, images: {}, sizes: {}, canary: null, dns: null, serviceAccount: null },
    },
    { log: log.logger, planner: scriptedPlanner(), bucket: { take: async () => {} } },
  );
  post.leadsTo(app.webhooks);
  const queues = queuesOf(app, dir);
  const isBusy = async (): Promise<boolean> => {
    const counts = [queues.advance, queues.alarm].map((queue) => queue.getJobCounts("active", "waiting"));
    return (await Promise.all(counts)).some((each) => each["active"] || each["waiting"]);
  };
  return {
    ...github,
    app,
    post,
    log,
    gateLog: join(dir, "gate", "gate.log"),
    async still() {
      // More than once: between two questions something may have moved from one queue to another.
      for (let times = 0; times < 3; times++) {
        await github.twin.idle();
        if (await isBusy()) times = -1;
        const failed = log.entries.find(({ level }) => level >= ERROR);
        if (failed) throw new Error(`The app failed: ${JSON.stringify(failed).slice(0, 1000)}`);
        await sleep(POLL_MS);
      }
    },
    async close() {
      await post.close();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      // What is still at work would keep Redis up.
      for (const run of await app.ports.cluster.list()) await app.ports.cluster.stop(run.name, 0);
      await app.close();
      await gate?.stop();
      await redis.stop();
      await github.twin.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A gate that listens on all addresses, as pods need it. */
function gateFor(
  { registered, twin }: GitHub,
  { dir, redisUrl, llmUrl }: Around & { dir: string; redisUrl: string },
): Promise<OpenedGate> {
  const key = (use: "pass" | "lease") => deriveKey(registered.privateKey, use).toString("base64");
  const env = {
    GATE_HOST: "0.0.0.0",
    REDIS_URL: redisUrl,
    GATE_PREFIX: `coxswain:${registered.app.id}`,
    GATE_PASS_KEYS: key("pass"),
    GATE_LEASE_KEYS: key("lease"),
    GITHUB_SERVER_URL: twin.world.urls.web,
    LLM_API_URL: llmUrl,
    LLM_API_KEY: "scripted",
  };
  return openGate({ dir, env });
}
