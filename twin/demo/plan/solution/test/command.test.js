import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { brewCard } from "../src/index.js";

const teatime = (...words) => spawnSync(process.execPath, ["bin/teatime.js", ...words], { encoding: "utf8" });

test("it prints a card", () => {
  assert.equal(teatime("card", "green").stdout, `${brewCard("green")}\n`);
});

test("it prints a timetable", () => {
  assert.equal(teatime("timetable", "black").stdout, "0s black\n");
});

test("it says how it is used", () => {
  assert.equal(teatime().status, 2);
});
