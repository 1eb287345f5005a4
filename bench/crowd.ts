import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { QueueEvents } from "bullmq";

import { openGitHub, OWNER, REPO } from "../test/harness/github.ts";
import type { GitHub } from "../test/harness/github.ts";
import { randomOf } from "../test/harness/random.ts";
import type { Random } from "../test/harness/random.ts";
import { appProcess } from "../twin/demo/appProcess.ts";
import type { AppProcess } from "../twin/demo/appProcess.ts";
import { setLevel } from "../twin/setup/people.ts";
import { createRepository } from "../twin/setup/repositories.ts";
import { accountByLogin } from "../twin/store.ts";
import { openBareNode } from "./bareNode.ts";
import type { BareNode } from "./bareNode.ts";
import { planOf, randomTasks } from "./dag.ts";
import { median, quantile } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { label, plannedIssue, stateOf } from "./planned.ts";

const TASKS = 12;
/** Plans by repository: one may have 200 agents at most. */
const PLANS: Record<string, number> = { [REPO]: 13, [`${REPO}-two`]: 12 };
const RUNS = TASKS * 25;
const SETTINGS = `limits:\n  parallel: ${TASKS}\n  repository: 200\n  tokens: 50000000\n`;
const PATIENCE_MS = 8 * 60_000;
const AGAIN_MS = 500;
const STEADY_MS = 30_000;
const MEGABYTE = 1_000_000;

/** Within how many milliseconds all issues are labelled, and later all agents end: each at a time of its own, by chance. */
interface Pace {
  beginsMs: number;
  endsMs: number;
}

/** As in life, but faster: GitHub lets an app write down some 400 in an hour. */
const SPREAD: Pace = { beginsMs: 60_000, endsMs: 120_000 };
/** The worst there is, on a machine that plays 300 kubelets too. */
const HERD: Pace = { beginsMs: 0, endsMs: 0 };

/** The app with 300 agents at once, on a Node without a kubelet: its memory, and how long a look takes. */
export async function crowd(): Promise<Figure[]> {
  const spread = await stage(SPREAD);
  const herd = await stage(HERD);
  return figures(spread, herd);
}

interface Measured {
  /** How long each look took, in milliseconds. */
  took: number[];
  /** The most memory the app had, in bytes. */
  bytes: number;
}

async function stage(pace: Pace): Promise<Measured> {
  const node = await openBareNode();
  const dir = await mkdtemp(join(tmpdir(), "bench-crowd-"));
  const github = await openGitHub({ settings: SETTINGS }, join(dir, "twin"), "http://127.0.0.1:9");
  // What is thrown away needs no saving.
  github.twin.world.changed = () => {};
  const app = await appOn(node, github, dir);
  try {
    await app.start();
    return await measure(pace, { app, node, github, dir });
  } finally {
    await app.end();
    await github.twin.close();
    await node.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** The app as a process of its own, with its own Redis. */
async function appOn(node: BareNode, { registered, twin }: GitHub, dir: string): Promise<AppProcess> {
  const template = join(dir, "template.json");
  await writeFile(template, JSON.stringify(node.template));
  await writeFile(join(dir, "app.pem"), registered.privateKey, { mode: 0o600 });
  const env = {
    KUBECONFIG: process.env["KUBECONFIG"] ?? "",
    APP_ID: String(registered.app.id),
    PRIVATE_KEY_PATH: join(dir, "app.pem"),
    WEBHOOK_SECRET: registered.webhookSecret,
    GITHUB_API_URL: twin.world.urls.api,
    GITHUB_SERVER_URL: twin.world.urls.web,
    COXSWAIN_DIR: dir,
    COXSWAIN_CLUSTER: "kubernetes",
    KUBERNETES_NAMESPACE: node.namespace,
    AGENT_IMAGE: node.image,
    AGENT_POD_TEMPLATE: template,
    // Nothing listens there, and no agent asks.
    GATE_URL: "http://127.0.0.1:9",
    LLM_API_URL: "http://127.0.0.1:9/v1",
    LLM_API_KEY: "none",
    LLM_MODEL: "scripted",
    MAX_RUNS: String(RUNS),
    PORT: "0",
  };
  const listens = (url: string) => void (registered.app.hook = { ...registered.app.hook, url });
  return appProcess({ env, log: join(dir, "app.log"), watch: false, listens });
}

interface Stage {
  app: AppProcess;
  node: BareNode;
  github: GitHub;
  dir: string;
}

async function measure(pace: Pace, { app, node, github, dir }: Stage): Promise<Measured> {
  const random = randomOf(1);
  const issues = await planned(github);
  const looks = await watchLooks(
    join(dir, "redis", "redis.sock"),
    `coxswain:${github.registered.app.id}:bull`,
  );
  try {
    const begin = issues.map(
      ({ number, repo }) =>
        () =>
          label(github, number, repo),
    );
    await within(pace.beginsMs, random, begin);
    await until(
      node,
      () => node.running.size === RUNS,
      () => `Only ${node.running.size} of ${RUNS} agents are at work.`,
    );
    await sleep(STEADY_MS);
    const names = [...node.running];
    const asks = { kind: "asks", question: "Which one?" } as const;
    const end = names.map((name) => () => node.end(name, asks));
    await within(pace.endsMs, random, end);
    const ended = () =>
      issues.flatMap(({ number, repo }) =>
        stateOf(github, number, repo).runs.filter(({ end }) => end !== null),
      );
    await until(
      node,
      () => ended().length === RUNS,
      () => `The ends of only ${ended().length} of ${RUNS} runs were seen.`,
    );
    check(
      ended().map(({ name, end }) => ({ name, kind: end?.kind })),
      names,
      node,
    );
    return { took: looks.took(), bytes: await mostMemory(app) };
  } finally {
    await looks.close();
  }
}

/** Each run was made once, and ended as it did. */
function check(ended: { name: string; kind: string | undefined }[], names: string[], node: BareNode): void {
  const recorded = new Set(ended.filter(({ kind }) => kind === "asks").map(({ name }) => name));
  const lost = names.filter((name) => !recorded.has(name));
  if (lost.length > 0) throw new Error(`The ends of ${lost.length} runs were lost, as that of ${lost[0]}.`);
  if (node.jobs.size !== RUNS) throw new Error(`${node.jobs.size} Jobs were made for ${RUNS} runs.`);
}

/** Begins each at a time of its own within that many milliseconds, by chance. Resolves when all are done. */
async function within(ms: number, random: Random, each: (() => Promise<void>)[]): Promise<void> {
  const begun = each.map(async (begin) => {
    await sleep(random.upTo(ms));
    await begin();
  });
  await Promise.all(begun);
}

function figures(spread: Measured, herd: Measured): Figure[] {
  const of = `${RUNS} agents at once, on ${RUNS / TASKS} plans of ${TASKS} tasks, on a Node without a kubelet`;
  const advance = ({ took }: Measured, goal: string, how: string): Figure => ({
    figure: `crowd: advance, p99, ${how}`,
    value: quantile(took, 0.99) / 1000,
    unit: "s",
    goal,
    against: `median ${(median(took) / 1000).toFixed(2)} s of ${took.length} looks, what they did included; GitHub at 0 ms a call; ${of}`,
  });
  return [
    {
      figure: "crowd: the app's memory",
      value: Math.max(spread.bytes, herd.bytes) / MEGABYTE,
      unit: "MB",
      goal: "≤ 400",
      against: `the most of its process (RSS) in both; ${of}`,
    },
    advance(spread, "≤ 1", "spread"),
    advance(herd, "beside it", "all in a second"),
  ];
}

async function planned(github: GitHub): Promise<{ number: number; repo: string }[]> {
  const { world } = github.twin;
  const owner = accountByLogin(world.state, OWNER);
  if (!owner) throw new Error(`There is no ${OWNER}.`);
  const issues: { number: number; repo: string }[] = [];
  for (const [repo, plans] of Object.entries(PLANS)) {
    if (repo !== REPO) {
      const files = { "README.md": "# Tea\n", ".github/coxswain.yml": SETTINGS };
      const repository = await createRepository(world, { owner, name: repo, files });
      const maintainer = accountByLogin(world.state, github.people.maintainer.login);
      if (maintainer) setLevel(world, repository, { accountId: maintainer.id, level: "write" });
    }
    for (let count = 0; count < plans; count++) {
      const tasks = randomTasks(randomOf(1), { tasks: TASKS, reach: 0, least: 0, most: 0 });
      issues.push({ number: await plannedIssue(github, planOf(tasks), repo), repo });
    }
  }
  return issues;
}

/** How long looks take, from taken to done, in milliseconds: by Redis's own clock. */
async function watchLooks(
  url: string,
  prefix: string,
): Promise<{ took(): number[]; close(): Promise<void> }> {
  const events = new QueueEvents("advance", { connection: { url }, prefix });
  const begun = new Map<string, number>();
  const took: number[] = [];
  const at = (id: string): number => Number(id.split("-")[0]);
  events.on("active", ({ jobId }, id) => void begun.set(jobId, at(id)));
  events.on("completed", ({ jobId }, id) => {
    const begin = begun.get(jobId);
    if (begin !== undefined) took.push(at(id) - begin);
  });
  await events.waitUntilReady();
  return { took: () => took, close: () => events.close() };
}

/**
 * The most memory (RSS) that its process ever had, in bytes, as Linux counts it: to start a `ps` twice a second stopped this
 * process, and the twin with it, for 30 ms each time. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
async function mostMemory(app: AppProcess): Promise<number> {
  const status = await readFile(`/proc/${app.pid()}/status`, "utf8");
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error("Linux doesn't tell how much memory the app had.");
  return Number(kilobytes) * 1024;
}

async function until(node: BareNode, isSo: () => boolean, say: () => string): Promise<void> {
  for (const late = Date.now() + PATIENCE_MS; !isSo(); await sleep(AGAIN_MS)) {
    node.check();
    if (Date.now() > late) throw new Error(say());
  }
}
