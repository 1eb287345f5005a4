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
import { simulate } from "./simulate.ts";

const MINUTE_MS = 60_000;
/** All of it takes less than an hour: octokit keeps its tokens by the real clock, and the twin's expire by the stage's. */
const SHAPE = { tasks: 50, reach: 8, least: MINUTE_MS, most: 4 * MINUTE_MS };
/** The same plan each time, so that figures of two days can be compared; `SEED=…` takes another. */
const SEED = Number(process.env["SEED"] ?? 1);
const DELAYS_MS = [0, 250];
/** As many at once as the plan allows: the limits of settings and installation are out of the way. */
const SETTINGS = "limits:\n  parallel: 50\n  repository: 200\n  tokens: 50000000\n";

/** How long a random plan of 50 tasks takes over its critical path, with a fast GitHub and with a slow one. */
export async function waves(): Promise<Figure[]> {
  const tasks = randomTasks(randomOf(SEED), SHAPE);
  const { ms: path, length } = criticalPath(tasks);
  const figures: Figure[] = [];
  for (const delayMs of DELAYS_MS) {
    const over = (await play(tasks, delayMs)) - path;
    figures.push({
      figure: `waves: time to finish, GitHub at ${delayMs} ms a call`,
      value: (path + over) / path,
      unit: "of the path",
      goal: delayMs === 0 ? "≤ 1.05" : "beside it",
      against: `critical path: ${length} of ${tasks.length} agents of 1 to 4 min, ${(path / MINUTE_MS).toFixed(1)} min; over it ${(over / 1000).toFixed(1)} s; SEED=${SEED}; CI passes at once, no limit on writes, the clock skips idle time`,
    });
  }
  return figures;
}

/** From the label to a root pull request that is ready, in milliseconds. Throws where a task wasn't done once, and in its turn. */
async function play(tasks: TimedTask[], delayMs: number): Promise<number> {
  const begun: Brief[] = [];
  const time = simulate(() => stage);
  const stage = await openStage({
    settings: SETTINGS,
    maxRuns: 1000,
    bucket: { take: async () => {} },
    begun: (brief) => {
      begun.push(brief);
      // The push is part of the agent's time.
      const pushed = pushWork(stage, brief);
      time.during(pushed);
      const { ms } = tasks.find(({ id }) => id === brief.task.id)!;
      time.at(stage.clock.now().getTime() + ms, () => pushed.then(() => report(stage, brief)));
    },
  });
  try {
    // What is thrown away needs no saving, and the time that it takes isn't the app's.
    stage.twin.world.changed = () => {};
    passAll(stage, time.during);
    const issue = await plannedIssue(stage, planOf(tasks));
    const readyAt = rootReady(stage);
    stage.twin.faults.delayMs = delayMs;
    const begin = stage.clock.now().getTime();
    await label(stage, issue);
    await time.until(() => readyAt() !== null, begin + 3 * criticalPath(tasks).ms);
    stage.twin.faults.delayMs = 0;
    await check(stage, tasks, begun);
    return (readyAt() ?? Number.NaN) - begin;
  } finally {
    await stage.close();
  }
}

/** When the root pull request became ready for review; null: it didn't yet. */
function rootReady({ twin: { world }, clock }: Stage): () => number | null {
  const { emit } = world;
  let at: number | null = null;
  world.emit = (told) => {
    emit(told);
    if (told.event === "pull_request" && told.action === "ready_for_review") at ??= clock.now().getTime();
  };
  return () => at;
}

async function check(stage: Stage, tasks: TimedTask[], begun: Brief[]): Promise<void> {
  const { pulls } = await view(stage.people.admin.octokit);
  const merged = pulls.filter(({ state }) => state === "merged").map(({ head }) => head.branch);
  const order = begun.map(({ task }) => task.id);
  if (new Set(merged).size !== tasks.length || new Set(order).size !== tasks.length)
    throw new Error(`Of ${tasks.length} tasks ${merged.length} were merged.`);
  if (begun.length !== tasks.length || begun.some(({ purpose }) => purpose !== "implement"))
    throw new Error(`${begun.length} agents worked on ${tasks.length} tasks.`);
  for (const { id, after } of tasks)
    if (after.some((first) => order.indexOf(first) > order.indexOf(id)))
      throw new Error(`${id} began too early.`);
}
