import { expect, test } from "vitest";

import { nearest } from "./nearest.ts";

const verbs = ["start", "stop", "retry", "status", "help"];

test.each([
  ["strat", "start"],
  ["stpo", "stop"],
  ["rety", "retry"],
  ["statsu", "status"],
  ["HELP!", "help"],
  ["retr", "retry"],
  ["stat", "start"],
  ["statu", "status"],
  ["hel", "help"],
  ["st", null], // start, stop and status begin so
  ["destroy", null],
  ["", null],
  ["x".repeat(100_000), null],
])("%s means %s", (word, meant) => {
  expect(nearest(word, verbs)).toBe(meant);
});

test("a long word is known by its beginning, if one alone begins so", () => {
  expect(nearest("prot", ["protected", "test"])).toBe("protected");
});
