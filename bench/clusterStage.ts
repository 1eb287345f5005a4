import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { KubernetesSettings } from "../app/config/kubernetes.ts";
import { startApp } from "../app/main.ts";
import type { App } from "../app/main.ts";
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
  /** Resolves when no webhook is under way and nothing is looked at. Throws what failed in the app. */
  still(): Promise<void>;
  close(): Promise<void>;
}

/** Without a limit on writes, so that what is set up for a benchmark doesn't wait for it. */
export async function openClusterStage(
  given: GitHubGiven,
  kubernetes: Pick<KubernetesSettings, "namespace" | "image" | "podTemplate">,
): Promise<ClusterStage> {
  const dir = await mkdtemp(join(tmpdir(), "bench-stage-"));
  const post = await openPost(null);
  const github = await openGitHub(given, join(dir, "twin"), post.url);
  // What is thrown away needs no saving, and the time that it takes isn't the app's.
  github.twin.world.changed = () => {};
  const log = openLog();
  const app = await startApp(
    {
      ...environmentOf(github, dir),
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
      await github.twin.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
