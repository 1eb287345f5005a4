import * as fc from "fast-check";
import { expect, it } from "vitest";

import { play } from "./testWorldPlay.ts";
import { stories } from "./testWorldStories.ts";
import type { Bounds } from "./testWorldStories.ts";

// fast-check prints the seed of a failure: `SEED=… npx vitest run jobs/advance/decide` plays the same stories again.
const SEED = process.env["SEED"];

// Every story ends in `done`: people who do what they are told bring it there. On the way there it keeps the rules of
// testWorldRules.ts at each look, after each effect and whenever nothing happens any more.
it.each<[string, number, Bounds]>([
  ["nothing is in the way", 400, { tasks: 6, acts: 0, disturbances: 0 }],
  ["looks are late, doubled or cut short", 600, { tasks: 5, acts: 0, disturbances: 6 }],
  ["people interfere", 600, { tasks: 5, acts: 8, disturbances: 0 }],
  ["all of that happens at once", 400, { tasks: 6, acts: 12, disturbances: 6 }],
])("brings a plan to its end where %s", (_, numRuns, bounds) => {
  const ends = fc.property(stories(bounds), (story) => {
    expect(play(story).hub.labels).toContain("agent: done");
  });
  fc.assert(ends, { numRuns, ...(SEED ? { seed: Number(SEED) } : {}) });
});
