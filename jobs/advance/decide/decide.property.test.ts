import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";

import { taskOfBranch } from "./testWorld.ts";
import type { Story, World } from "./testWorld.ts";
import { play } from "./testWorldPlay.ts";
import { plans, stories } from "./testWorldStories.ts";
import type { Bounds } from "./testWorldStories.ts";

// fast-check prints the seed of a failure: `SEED=… npx vitest run jobs/advance/decide` plays the same stories again.
const SEED = process.env["SEED"];

vi.setConfig({ testTimeout: 180_000 });

function holds(numRuns: number, all: fc.Arbitrary<Story>, rule: (story: Story) => void): void {
  fc.assert(fc.property(all, rule), { numRuns, ...(SEED ? { seed: Number(SEED) } : {}) });
}

// People who do what they are told bring every story to `done`. On the way it keeps the rules of testWorldRules.ts, at
// each look, after each effect, and whenever nothing happens any more.
describe("a plan comes to its end, and keeps every rule", () => {
  it.each<[string, number, Bounds]>([
    [
      "where nothing is in the way but agents and checks that fail",
      300,
      { tasks: 4, acts: 0, disturbances: 0 },
    ],
    [
      "where looks are late, see old answers, are doubled or cut short",
      500,
      { tasks: 3, acts: 0, disturbances: 4 },
    ],
    ["where people interfere", 600, { tasks: 3, acts: 5, disturbances: 0 }],
    ["where all of that happens at once", 240, { tasks: 4, acts: 8, disturbances: 4 }],
  ])("%s", (_, numRuns, bounds) => {
    holds(numRuns, stories(bounds), (story) => {
      expect(phaseAfter(play(story))).toBe("agent: done");
    });
  });

  it("where it has fifty tasks", () => {
    const limits = { parallel: 50, attempts: 3, rounds: 10, tokens: 2_000_000 };
    const large = fc
      .tuple(plans(50, 40), stories({ tasks: 2, acts: 0, disturbances: 3 }))
      .map(([plan, story]) => ({ ...story, plan, limits, room: 50 }));
    holds(5, large, (story) => {
      expect(phaseAfter(play(story))).toBe("agent: done");
    });
  });
});

it("ends the same whether looks are late, see old answers, are doubled or cut short, or none of that", () => {
  holds(100, stories({ tasks: 3, acts: 0, disturbances: 4 }), (story) => {
    // Which of two pull requests is merged first isn't promised, and the other conflicts.
    const calm = { ...story, acts: [], conflicts: [], disturbances: [] };
    expect(endOf(play({ ...calm, disturbances: story.disturbances }))).toEqual(endOf(play(calm)));
  });
});

const phaseAfter = ({ hub }: World): string | undefined =>
  hub.labels.find((each) => each.startsWith("agent: "));

/** What a story came to: what is merged, and how often each was tried. */
function endOf(world: World): object {
  const merged = world.hub.pulls
    .filter((pull) => pull.state === "merged")
    .map((pull) => taskOfBranch(pull.branch));
  const state = Object.values(world.hub.status).at(-1)?.state;
  const runs = Object.groupBy(state?.runs ?? [], (run) => `${run.purpose} ${run.task}`);
  const tries = Object.entries(runs).map(([what, all]) => `${what}: ${all?.length}`);
  return {
    phase: phaseAfter(world),
    merged: merged.toSorted(),
    tries: tries.toSorted(),
    skipped: state?.skipped,
  };
}
