import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDuration } from "../src/duration.js";

test("one unit", () => {
  assert.equal(parseDuration("2h"), 7200);
  assert.equal(parseDuration("5m"), 300);
});

test("several units", () => {
  assert.equal(parseDuration("1h5m"), 3900);
});
