import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDuration } from "../src/index.js";

test("a duration is read", () => {
  assert.equal(parseDuration("90s"), 90);
  assert.equal(parseDuration("1h30m"), 5400);
});

test("what is no duration is refused", () => {
  assert.throws(() => parseDuration("1h x"), RangeError);
});
