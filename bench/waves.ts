import { setTimeout as sleep } from "node:timers/promises";

import type { Brief } from "../agent-pod/contract/brief.ts";
import { randomOf } from "../test/harness/random.ts";
import { openStage } from "../test/harness/stage.ts";
import type { Stage } from "../test/harness/stage.ts";
import { view } from "../test/harness/view.ts";
import { passAll, pushWork, report } from "./agents.ts";
import { criticalPath, planOf, randomTasks } from "./dag.ts";
import type { TimedTask } from "./dag.ts";
import type { Figure } from "./figure.ts";
import { label, plannedIssue } from "./planned.ts";

const SHAPE = { tasks: 50, reach: 8, least: 4000, most: 12_000 };
/** The critical path of a plan that is taken, in milliseconds. */
const PATH = { least: 60_000, most: 80_000 };
/** The same plan each time, so that figures of two days can be compared; `SEED=…` takes another. */
const SEED = Number(process.env["SEED"] ?? 1);
const DELAYS_MS = [0, 250];
/** As many at once as the plan allows: the limits of settings and installation are out of the way. */
const SETTINGS = "limits:\n  parallel: 50\n  repository: 200\n  tokens: 50000000\n";

/** How long a random plan of 50 tasks takes over its critical path, with a fast GitHub and with a slow one. */
export async function waves(): Promise<Figure[]> {
  const tasks = plan();
  const path = criticalPath(tasks);
  const figures: Figure[] = [];
  for (const delayMs of DELAYS_MS) {
    const took = await play(tasks, delayMs);
    figures.push({
      figure: `waves: time to finish, GitHub at ${delayMs} ms a call`,
      value: took / path,
      unit: "of the critical path",
      goal: delayMs === 0 ? "≤ 1.05" : "beside it",
      against: `${tasks.length} tasks of 4 to 12 s, critical path ${seconds(path)}, SEED=${SEED}; from the label to a ready root pull request; CI passes at once; the limit on writes is off`,
    });
  }
  return figures;
}

function plan(): TimedTask[] {
  const random = randomOf(SEED);
  for (;;) {
    const tasks = randomTasks(random, SHAPE);
    const path = criticalPath(tasks);
    if (path >= PATH.least && path <= PATH.most) return tasks;
  }
}

/** Plays the plan in real time. Returns how many milliseconds it took. Throws where a task wasn't done, once and in its turn. */
async function play(tasks: TimedTask[], delayMs: number): Promise<number> {
  const failure = Promise.withResolvers<never>();
  // Whoever waits for it is told.
  failure.promise.catch(() => {});
  const begun: Brief[] = [];
  const stage = await openStage({
    settings: SETTINGS,
    maxRuns: 1000,
    bucket: { take: async () => {} },
    begun: (brief) => {
      begun.push(brief);
      work(stage, brief, tasks).catch(failure.reject);
    },
  });
  try {
    // What is thrown away needs no saving, and the time that it takes isn't the app's.
    stage.twin.world.changed = () => {};
    passAll(stage, failure.reject);
    const issue = await plannedIssue(stage, planOf(tasks));
    stage.twin.faults.delayMs = delayMs;
    const ready = readyRoot(stage);
    const begin = performance.now();
    await label(stage, issue);
    const late = sleep(4 * criticalPath(tasks), "late", { ref: false });
    if ((await Promise.race([ready, failure.promise, late])) === "late")
      throw new Error(`The plan isn't done:
${stage.log.tail(12)}`);
    const took = performance.now() - begin;
    stage.twin.faults.delayMs = 0;
    await check(stage, tasks, begun);
    return took;
  } finally {
    await stage.close();
  }
}

/** The push is part of the agent's time. */
async function work(stage: Stage, brief: Brief, tasks: TimedTask[]): Promise<void> {
  const task = tasks.find(({ id }) => id === brief.task.id);
  if (!task) throw new Error(`An agent works on ${brief.task.id}, which the plan hasn't.`);
  const end = performance.now() + task.ms;
  await pushWork(stage, brief);
  const left = end - performance.now();
  if (left < 0)
    throw new Error(`The push of ${task.id} took longer than its agent has: the machine is too busy.`);
  await sleep(left);
  report(stage, brief);
}

/** When the root pull request becomes ready. */
function readyRoot({ twin: { world } }: Stage): Promise<void> {
  const { emit } = world;
  return new Promise((resolve) => {
    world.emit = (told) => {
      emit(told);
      if (told.event === "pull_request" && told.action === "ready_for_review") resolve();
    };
  });
}

async function check(stage: Stage, tasks: TimedTask[], begun: Brief[]): Promise<void> {
  const { pulls } = await view(stage.people.admin.octokit);
  const merged = pulls
    .filter(({ state }) => state === "merged")
    .map(({ head }) => head.branch.split("/").at(-1));
  const purposes = begun.filter(({ purpose }) => purpose !== "implement");
  if (begun.length !== tasks.length || purposes.length > 0 || new Set(merged).size !== tasks.length)
    throw new Error(`Of ${tasks.length} tasks ${merged.length} were merged, by ${begun.length} agents.`);
  const order = begun.map(({ task }) => task.id);
  for (const { id, after } of tasks)
    if (after.some((first) => order.indexOf(first) > order.indexOf(id)))
      throw new Error(`${id} began too early.`);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
