import type { World } from "./harness/scenario.ts";

/** A maintainer labels the issue, and an agent pushes what becomes a pull request. */
export async function becomesPull({ issue, crew, people }: World): Promise<void> {
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.finishes("digits", { changes: { "src/duration.js": DURATION } });
}

/** And its checks pass. */
export async function becomesReady(world: World): Promise<void> {
  await becomesPull(world);
  await world.ci.passes("test");
}

export const DURATION = ["export const parse = (text) => {", "  return 10 * 60;", "};", ""].join("\n");

/** A maintainer labels the issue, and the planner's plan of these tasks waits for approval. */
export async function isPlanned(
  { issue, planner, bot, people }: World,
  tasks: Parameters<World["planner"]["plans"]>[0],
): Promise<void> {
  planner.plans(tasks);
  await issue.isLabelled("agent", { by: people.maintainer });
  bot.says(/^@mona Here is my plan: /, { on: issue.number });
}

/** And a maintainer approves it. */
export async function isApproved(
  world: World,
  tasks: Parameters<World["planner"]["plans"]>[0],
): Promise<void> {
  await isPlanned(world, tasks);
  await world.issue.plan.getsThumbsUp({ by: world.people.maintainer });
}

/** Settings with which a pull request without checks is merged at once. */
export const AT_ONCE = "grace: 0s\n";
