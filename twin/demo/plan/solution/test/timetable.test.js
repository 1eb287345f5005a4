import assert from "node:assert/strict";
import { test } from "node:test";

import { teas, timetable } from "../src/index.js";

test("all pots are ready at the same moment", () => {
  const pots = timetable(["green", "black"]);
  assert.equal(pots[0].start, 0);
  const ready = pots.map(({ name, start }) => start + teas[name].seconds);
  assert.deepEqual(ready, [teas.black.seconds, teas.black.seconds]);
});

test("what is no tea has no time", () => {
  assert.throws(() => timetable(["coffee"]), RangeError);
});
