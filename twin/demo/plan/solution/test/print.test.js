import assert from "node:assert/strict";
import { test } from "node:test";

import { printDuration } from "../src/index.js";

test("a duration is printed", () => {
  assert.equal(printDuration(3900), "1h5m");
  assert.equal(printDuration(90), "1m30s");
  assert.equal(printDuration(0), "0s");
});
