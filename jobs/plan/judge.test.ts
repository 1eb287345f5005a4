import { expect, test } from "vitest";

import { judgeOf } from "./judge.ts";

const task = { id: "a", title: "A", body: "Do a.", files: ["x"] };
const simple = JSON.stringify({ kind: "simple", task });
const asks = JSON.stringify({ kind: "asks", questions: ["Which?"] });
const complex = (...tasks: object[]) => JSON.stringify({ kind: "complex", tasks: [task, ...tasks] });
const beside = complex({ ...task, id: "b" });
const after = complex({ ...task, id: "b", after: ["a"] });

const free = { force: false, change: null };
const forced = { force: true, change: null };
const changed = { force: false, change: { plan: { summary: "", tasks: [] }, by: "x", text: "" } };

test.each([
  ["a simple answer", free, simple, "stands"],
  ["questions", free, asks, "stands"],
  ["a plan in order", free, after, "stands"],
  ["a simple answer where a plan is wanted", forced, simple, "wrong"],
  ["questions where a plan is wanted", forced, asks, "stands"],
  ["a plan where one is wanted", forced, after, "stands"],
  ["a simple answer where a plan is to be changed", changed, simple, "wrong"],
  ["questions where a plan is to be changed", changed, asks, "stands"],
  ["a changed plan", changed, after, "stands"],
  ["a plan of one task", free, complex(), "wrong"],
  ["nonsense", free, "Hm.", "wrong"],
])("%s", (_, ask, text, kind) => {
  expect(judgeOf(ask)(text)).toMatchObject({ kind });
});

test("a doubt is told once, be there others later", () => {
  const judge = judgeOf(free);
  expect(judge(beside)).toEqual({
    kind: "doubtful",
    say: "a and b both touch x, and neither comes after the other.",
  });
  expect(judge(complex({ ...task, id: "c" }))).toMatchObject({ kind: "stands" });
});

test("what is wrong is told before what is doubtful, and the doubt isn't lost", () => {
  const judge = judgeOf(free);
  expect(judge(complex({ ...task, id: "b", body: "x".repeat(1501) }))).toEqual({
    kind: "wrong",
    say: "The body of `b` has 1501 characters; shorten it to 1500.",
  });
  expect(judge(beside)).toMatchObject({ kind: "doubtful" });
});

test("the model is told so much and no more", () => {
  const many = Array.from({ length: 11 }, (_, n) => ({
    ...task,
    id: `t${n}`,
    after: Array.from({ length: 99 }, (_, m) => `gone-${m}`),
  }));
  const verdict = judgeOf(free)(complex(...many));
  expect(verdict).toMatchObject({ kind: "wrong" });
  expect("say" in verdict && verdict.say.length).toBe(3000);
});
