import { Worker } from "bullmq";
import type { Job } from "bullmq";
import type { Logger } from "pino";

import { signPass } from "../../agent-pod/contract/pass.ts";
import type { Bell, QueueHome } from "../../app/bell.ts";
import type { RunOrder } from "../advance/decide/effects.ts";
import type { PlanResult } from "../advance/decide/snapshot.ts";
import { RunRefused } from "./cluster/cluster.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { holdLease } from "./lease.ts";
import type { LeasePorts } from "./lease.ts";
import { leaveResult } from "./result.ts";
import { tellWalls } from "./walls.ts";

/** A pass outlives its run's minutes by this: a pod may wait half an hour for room, and the last push comes at the end. */
const PASS_MARGIN_MS = 60 * 60_000;

/** The planner, as the follower needs it. */
export interface Planner {
  /** Never throws for what a person should read: that is a `failed` result. Throws for what may go away by itself. */
  assess(order: RunOrder & { kind: "plan" }, pass: string, signal: AbortSignal): Promise<PlanResult>;
}

export interface FollowPorts extends LeasePorts {
  appId: number;
  cluster: Cluster;
  planner: Planner;
  bell: Bell;
  passKey: Buffer;
  log: Logger;
}

export interface RunWorker {
  /** Gives its jobs back, so that another process follows the runs, which go on. */
  close(): Promise<void>;
}

/** The other worker (design §1): starts and watches runs, and rings. It decides nothing. */
export function runWorker(ports: FollowPorts, home: QueueHome): RunWorker {
  const closing = new AbortController();
  const worker = new Worker<RunOrder>("run", (job) => followJob(job, ports, closing.signal), {
    ...home,
    // How many may be at work is for `slots` to tell; one that waits here has no pod.
    concurrency: 10_000,
    lockDuration: 10_000,
    stalledInterval: 5000,
    maxStalledCount: 1_000_000,
  });
  worker.on("error", (error) => ports.log.warn({ error: error.message }, "the queue can't be reached"));
  return {
    async close() {
      closing.abort();
      // Not waited for: the jobs stay active without a lock, and are taken up by the next worker as stalled.
      await worker.close(true);
    },
  };
}

/** Settles when the run is over, or couldn't be followed; while the worker is closing, never. */
async function followJob(job: Job<RunOrder>, ports: FollowPorts, closing: AbortSignal): Promise<void> {
  const order = job.data;
  try {
    await follow(order, ports, closing);
    // The end of an agent's run is rung by the cluster's watch, in every replica and after every restart.
    if (order.kind === "agent") return;
  } catch (error) {
    // The job is given back. Any end of this would reach BullMQ before its connection is closed, now and then: as a failure it
    // would use up one of the job's attempts.
    if (closing.aborted) return new Promise<never>(() => {});
    ports.log.error({ run: order.name, err: error }, "a run could not be followed");
    const mayPass = !(error instanceof RunRefused);
    if (mayPass && job.attemptsMade + 1 < (job.opts.attempts ?? 1)) throw error;
    const say = `The run could not be started or followed: ${error instanceof Error ? error.message : "no reason was given"}`;
    await leaveResult(ports.redis, ports.prefix, order.name, {
      kind: "failed",
      say,
      retry: mayPass,
      tokens: 0,
    });
  }
  await ring(order, ports);
}

const ring = (order: RunOrder, ports: FollowPorts): Promise<void> => {
  const [owner = "", name = ""] = order.labels.repository.split("/");
  return ports.bell.ring({
    kind: "issue",
    installationId: order.labels.installationId,
    owner,
    name,
    number: order.labels.issue,
  });
};

async function follow(order: RunOrder, ports: FollowPorts, closing: AbortSignal): Promise<void> {
  const { cluster } = ports;
  const pass = signPass(
    {
      app: String(ports.appId),
      run: order.name,
      attempt: order.labels.attempt,
      expires: Math.ceil((Date.now() + order.minutes * 60_000 + PASS_MARGIN_MS) / 1000),
    },
    ports.passKey,
  );
  if (order.kind === "plan") return plan(order, pass, ports, closing);
  const { repositoryId, issue } = order.labels;
  // Of one that was there before, a first line may not be the first any more: code of the repository may have printed it and had
  // the log rotated. That the pod is held back isn't believed then; that it isn't, is: at worst all others wait for 5 minutes.
  const seen = (await cluster.list({ repositoryId, issue })).find((run) => run.name === order.name);
  const lease = await holdLease(order, seen?.spent ?? 0, ports, (spent) =>
    remember(order.name, spent, ports),
  );
  try {
    await cluster.ensure({
      name: order.name,
      labels: { ...order.labels, purpose: order.purpose },
      brief: order.brief,
      image: order.image,
      size: order.size,
      pass,
    });
    let lost = 0;
    for await (const line of cluster.follow(order.name, 0, closing)) {
      ports.log.debug({ run: order.name, line }, "line");
      if (line.kind === "lost") lost += line.lines;
      if (line.kind === "walls" && (line.open || !seen)) await tellWalls(ports.redis, ports.prefix, line);
    }
    // Once: a pod that prints any numbers it likes would fill our log.
    if (lost > 0) ports.log.warn({ run: order.name, lines: lost }, "lines of a run were lost");
    if (closing.aborted) throw new Error("The follower is closing; the run goes on.");
    await remember(order.name, await lease.end(), ports);
  } finally {
    lease.release();
  }
}

/** A run that was forgotten meanwhile has nothing to be remembered with. */
const remember = (run: string, spent: number, { cluster }: FollowPorts): Promise<void> =>
  cluster.remember(run, spent).catch(() => {});

/** `plan` runs in this process; lost with it, it is done again. */
async function plan(
  order: RunOrder & { kind: "plan" },
  pass: string,
  ports: FollowPorts,
  closing: AbortSignal,
): Promise<void> {
  const lease = await holdLease(order, 0, ports, async () => {});
  try {
    const result = await ports.planner.assess(order, pass, closing);
    if (closing.aborted) throw new Error("The planner is closing; the next one does it again.");
    await leaveResult(ports.redis, ports.prefix, order.name, { ...result, tokens: await lease.end() });
  } finally {
    lease.release();
  }
}
