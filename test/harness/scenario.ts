import { expect, test } from "vitest";

import { openActs } from "./acts.ts";
import type { Acts } from "./acts.ts";
import { openBot } from "./bot.ts";
import type { Bot } from "./bot.ts";
import { openCi } from "./ci.ts";
import type { Ci } from "./ci.ts";
import { openCrew } from "./crew.ts";
import type { Crew } from "./crew.ts";
import { endingOf } from "./ending.ts";
import { openIssue } from "./issue.ts";
import type { Issue } from "./issue.ts";
import { openPull } from "./pull.ts";
import type { Pull } from "./pull.ts";
import { randomOf } from "./random.ts";
import { openRepository } from "./repository.ts";
import type { Repository } from "./repository.ts";
import { where } from "./github.ts";
import { openStage } from "./stage.ts";
import type { People } from "./github.ts";
import type { Given, Stage } from "./stage.ts";
import type { ScriptedPlanner } from "./planner.ts";
import { unwritten } from "./unwritten.ts";

/** What a scenario is told with. */
export interface World {
  issue: Issue;
  /** The newest pull request of the app's. */
  pull: Pull;
  /** A task's pull request, or `root`'s. */
  pullOf(task: string): Pull;
  bot: Bot;
  planner: ScriptedPlanner;
  crew: Crew;
  ci: Ci;
  /** What runs on a task's pull request, or on `root`'s. */
  ciOf(task: string): Ci;
  people: People;
  repository: Repository;
  clock: Pick<Acts, "passes">;
  /** Does something else, and waits until all that follows from it has happened. */
  act: Acts["act"];
  /** What the app's timers do now and then. */
  sweeps(): Promise<void>;
  stage: Stage;
}

export type Story = (world: World) => Promise<void>;

const TIMEOUT_MS = 240_000;
const HOLD_BACK_MS = 2000;
/** `SEED=…` tells the second time of a scenario again as it was. */
const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/**
 * A story in the user's words, with the real app, loop, Redis and twin. It is told twice: as it is, and with webhooks that
 * come twice, some of them late; both must end in the same state. What else it asserts unwritten is in unwritten.ts.
 */
export function scenario(name: string, ...told: [Story] | [Given, Story]): void {
  const [given, story] = told.length === 1 ? [{}, told[0]] : told;
  // oxlint-disable-next-line vitest/valid-title -- each scenario has a title of its own
  test(name, { timeout: TIMEOUT_MS }, async () => {
    const trouble = { random: randomOf(SEED), holdBackMs: HOLD_BACK_MS };
    const [plain, troubled] = await Promise.allSettled([
      tell(given, story),
      tell({ ...given, trouble }, story),
    ]);
    if (plain.status === "rejected") throw plain.reason;
    const again = `Told again with doubled and late webhooks (SEED=${SEED})`;
    if (troubled.status === "rejected")
      throw new Error(`${again}: ${String(troubled.reason)}`, { cause: troubled.reason });
    expect(troubled.value, `${again} it ends otherwise`).toEqual(plain.value);
  });
}

/** Tells the story once, with the unwritten assertions. Returns how the world stands at its end. */
export async function tell(given: Given, story: Story): Promise<object> {
  const stage = await openStage(given);
  try {
    const bot = openBot(`${stage.registered.app.slug}[bot]`, 1);
    const acts = openActs(stage, bot.hears);
    const world = await worldOn(stage, acts, bot);
    await story(world);
    await unwritten(stage, acts, bot);
    return await endingOf(stage);
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nThe end of the app's log:\n${stage.log.tail(12)}`;
    throw error;
  } finally {
    await stage.close();
  }
}

async function worldOn(stage: Stage, acts: Acts, bot: Bot): Promise<World> {
  const pull = openPull(stage, acts);
  return {
    issue: await opensIssue(stage, acts),
    pull,
    pullOf: (task) => openPull(stage, acts, task),
    bot,
    planner: stage.planner,
    crew: openCrew(stage, acts),
    ci: openCi(stage, pull, acts),
    ciOf: (task) => openCi(stage, openPull(stage, acts, task), acts),
    people: stage.people,
    repository: openRepository(stage, acts),
    clock: { passes: acts.passes },
    act: acts.act,
    sweeps: () =>
      acts.act(async () => {
        const { redis, prefix } = stage.app.ports;
        // Else it would have swept a moment ago.
        await redis.del(`${prefix}:sweeping`);
        await stage.app.sweep();
        await stage.readsThumbs();
      }),
    stage,
  };
}

/** A stranger opens the issue that the scenario is about: #1. */
async function opensIssue(stage: Stage, acts: Acts): Promise<Issue> {
  const { stranger } = stage.people;
  const [title, body] = ["10m is read as 0", "It should be 600 seconds."];
  const { data } = await acts.act(() => stranger.octokit.issues.create({ ...where, title, body }));
  return openIssue(data.number, acts, stage);
}
