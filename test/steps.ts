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
