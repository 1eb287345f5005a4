import { setTimeout as sleep } from "node:timers/promises";

import { where } from "../test/harness/github.ts";
import { pushCommit } from "../test/harness/git.ts";
import { randomOf } from "../test/harness/random.ts";
import { asApp } from "../twin/setup/apps.ts";
import { openBareNode } from "./bareNode.ts";
import type { BareNode } from "./bareNode.ts";
import { openClusterStage } from "./clusterStage.ts";
import type { ClusterStage } from "./clusterStage.ts";
import { median } from "./figure.ts";
import type { Figure } from "./figure.ts";

const POLL_MS = 5000;
const DELAYS_MS = [0, 250];
const GOALS: Record<number, string> = { 0: "≥ 20", 250: "≥ 5" };
const ISSUES = 21;
const PATIENCE_MS = 60_000;
/** Each issue's pull request fails once in each of the ways. */
const SETTINGS = "limits:\n  rounds: 50\n  repository: 200\n  tokens: 50000000\n";
const LOG = Array.from({ length: 300 }, (_, at) => `2026-11-20T10:00:00Z test ${at}: ok\n`).join("");

type Way = "webhook" | "poller";

/** How soon a failed check has its run: by its webhook, and by a poller that rings every 5 s instead. */
export async function delivery(): Promise<Figure[]> {
  const node = await openBareNode();
  try {
    const stage = await openClusterStage(
      { settings: SETTINGS },
      { namespace: node.namespace, image: node.image, podTemplate: node.template },
    );
    try {
      return await measure(stage, node);
    } finally {
      await stage.close();
    }
  } finally {
    await node.close();
  }
}

async function measure(stage: ClusterStage, node: BareNode): Promise<Figure[]> {
  const random = randomOf(1);
  const took = new Map(DELAYS_MS.map((ms) => [ms, { webhook: [] as number[], poller: [] as number[] }]));
  for (let count = 0; count < ISSUES; count++) {
    const issue = await opened(stage, node);
    const firstMs = (POLL_MS * (count + random.upTo(1000) / 1000)) / ISSUES;
    for (const delayMs of DELAYS_MS)
      for (const way of ["webhook", "poller"] as const)
        took.get(delayMs)?.[way].push(await failing(stage, node, { issue, delayMs, way, firstMs }));
  }
  return [...took].map(([delayMs, { webhook, poller }]) => ({
    figure: `delivery: failed check → Job, GitHub at ${delayMs} ms a call`,
    value: median(poller) / median(webhook),
    unit: "times sooner",
    goal: GOALS[delayMs] ?? "",
    against: `p50 by its webhook: ${median(webhook).toFixed(0)} ms, by a poller that rings every ${POLL_MS / 1000} s instead: ${median(poller).toFixed(0)} ms; ${ISSUES} each, in turns; from the webhook's event to the Job as a watch tells it; with the check's log, permissions not cached, no limit on writes`,
  }));
}

/** An issue whose pull request is open, and nothing to be done. */
async function opened(stage: ClusterStage, node: BareNode): Promise<Work> {
  const { people } = stage;
  const { data } = await people.maintainer.octokit.issues.create({ ...where, title: "Digits", body: "All." });
  const number = data.number;
  const known = new Set(node.jobs.keys());
  await people.maintainer.octokit.issues.addLabels({ ...where, issue_number: number, labels: ["agent"] });
  const work = { number, branch: `agent/${number}/digits` };
  await finish(stage, node, work, await newJob(node, known));
  return work;
}

/** An issue and its branch. */
interface Work {
  number: number;
  branch: string;
}

/** Its agent pushes and ends; resolves when all that follows was done. */
async function finish(
  stage: ClusterStage,
  node: BareNode,
  { number, branch }: Work,
  run: string,
): Promise<void> {
  while (!node.running.has(run)) await node.news();
  const main = await stage.people.admin.octokit.git.getRef({ ...where, ref: "heads/main" });
  await pushCommit({
    url: stage.gitUrl,
    token: stage.pushToken(),
    branch,
    from: main.data.object.sha,
    changes: { [`${number}.md`]: `${run}\n` },
    message: "Work",
    author: { name: "agent", email: "agent@example.com" },
  });
  await node.end(run, { kind: "pushed", title: "Digits", what: "All of it.", why: "", tested: "" });
  await recorded(stage, number, run);
  await stage.still();
}

/** Waits until the run's Job may be forgotten: then its end stands in the state. */
async function recorded({ app, log }: ClusterStage, issue: number, run: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(20)) {
    const runs = await app.ports.cluster.list();
    if (!runs.some(({ name }) => name === run)) return;
    if (Date.now() > until) throw new Error(`The end of ${run} of #${issue} wasn't seen:\n${log.tail(8)}`);
  }
}

/** Milliseconds from a check's failure to the Job of the run that mends it. */
async function failing(
  stage: ClusterStage,
  node: BareNode,
  { issue, delayMs, way, firstMs }: { issue: Work; delayMs: number; way: Way; firstMs: number },
): Promise<number> {
  const { ci, twin, post, app } = stage;
  const head = await stage.people.admin.octokit.git.getRef({ ...where, ref: `heads/${issue.branch}` });
  await tryMerge(stage, issue.branch);
  const { data: check } = await ci.checks.create({
    ...where,
    name: "test",
    head_sha: head.data.object.sha,
    status: "in_progress",
  });
  twin.world.state.checkRuns.rows.get(check.id)!.jobLog = LOG;
  await stage.still();
  const { redis, prefix } = app.ports;
  // It mostly takes a check longer than the minute that permissions are remembered.
  for (const key of await redis.keys(`${prefix}:perm:*`)) await redis.del(key);
  const known = new Set(node.jobs.keys());
  if (way === "poller") post.losesAll();
  twin.faults.delayMs = delayMs;
  const told = failure(stage);
  const output = { title: "Failed", summary: "3 tests failed." };
  const done = { status: "completed", conclusion: "failure", output } as const;
  await ci.checks.update({ ...where, check_run_id: check.id, ...done });
  const failedAt = await told;
  const stop = way === "poller" ? poll(stage, issue.number, firstMs) : () => {};
  const run = await newJob(node, known);
  stop();
  const took = (node.jobs.get(run) ?? Number.NaN) - failedAt;
  twin.faults.delayMs = 0;
  post.losesNothing();
  await stage.still();
  await finish(stage, node, issue, run);
  return took;
}

/** GitHub tries to merge a new head by itself; the twin when it is first asked. */
async function tryMerge({ people: { admin } }: ClusterStage, branch: string): Promise<void> {
  const { data } = await admin.octokit.pulls.list({ ...where, head: `${where.owner}:${branch}` });
  for (const { number } of data) await admin.octokit.pulls.get({ ...where, pull_number: number });
}

/** When the webhook of the next check suite that ends is sent, in milliseconds of `performance.now()`. */
function failure({ twin: { world } }: ClusterStage): Promise<number> {
  const { emit } = world;
  return new Promise((resolve) => {
    world.emit = (told) => {
      if (told.event === "check_suite" && told.action === "completed") {
        world.emit = emit;
        resolve(performance.now());
      }
      emit(told);
    };
  });
}

/** Rings every 5 s, `firstMs` from now for the first time. Returns the way to stop that. */
function poll({ app, twin, registered }: ClusterStage, number: number, firstMs: number): () => void {
  const installationId = asApp(twin.world, registered.app).installation.id;
  const subject = { kind: "issue", installationId, owner: where.owner, name: where.repo, number } as const;
  const ring = (): void => {
    void app.ports.bell.ring(subject);
    timer = setTimeout(ring, POLL_MS);
  };
  let timer = setTimeout(ring, firstMs);
  return () => clearTimeout(timer);
}

/** The name of the first Job that isn't among `known`. */
async function newJob(node: BareNode, known: ReadonlySet<string>): Promise<string> {
  for (;;) {
    const found = [...node.jobs.keys()].find((name) => !known.has(name));
    if (found) return found;
    await node.news();
  }
}
