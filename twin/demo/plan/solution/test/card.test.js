import assert from "node:assert/strict";
import { test } from "node:test";

import { brewCard } from "../src/index.js";

test("a card says how a tea is brewed", () => {
  assert.equal(brewCard("green"), "green: 2m at 75 °C");
});

test("there is no card for what is no tea", () => {
  assert.throws(() => brewCard("coffee"), RangeError);
});
