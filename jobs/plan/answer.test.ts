import { expect, test } from "vitest";

import { readAnswer } from "./answer.ts";

function taskOf(task: unknown): unknown {
  const answer = readAnswer(JSON.stringify({ kind: "simple", task }));
  return "wrong" in answer || answer.kind !== "simple" ? answer : answer.task;
}

test.each([
  ["fix-login", "x", "fix-login"],
  ["Fix the Löwe!", "x", "fix-the-lo-we"],
  ["../../refs/heads/main", "x", "refs-heads-main"],
  ["日本", "Say hello", "say-hello"],
  ["日本", "日本", "task"],
  ["root", "Root", "task"],
  ["plan", "Make a plan", "make-a-plan"],
  ["--", "a", "a"],
  [`${"a".repeat(39)}-b`, "x", "a".repeat(39)],
  ["x.lock", "x", "x-lock"],
])("the id %s of %s becomes %s", (id, title, slug) => {
  expect(taskOf({ id, title, body: "b" })).toMatchObject({ id: slug });
});

test("titles are one line, and all is capped", () => {
  const task = taskOf({ id: "x", title: `a\n\u202Eb\t${"c".repeat(300)}`, body: "d".repeat(9000) }) as {
    title: string;
    body: string;
  };
  expect(task.title).toMatch(/^a b c+…$/);
  expect(task.title).toHaveLength(100);
  expect(task.body).toHaveLength(6000);
});

test.each([
  ["", /isn't JSON/],
  ["null", /expected object/i],
  ['{"kind":"wave"}', /kind/],
  ['{"kind":"simple"}', /task/],
  ['{"kind":"simple","task":{"id":"x","title":" ","body":"b"}}', /must not be empty[^]*task\.title/],
  ['{"kind":"simple","task":{"id":"x","title":"t"}}', /task\.body/],
  ['{"kind":"complex","task":{"id":"x","title":"t","body":"b"}}', /reason/],
  ['{"kind":"asks","questions":[]}', /questions/],
  ['{"kind":"asks","questions":["1","2","3","4","5","6"]}', /questions/],
  ['{"kind":"asks","questions":[3]}', /questions\[0\]/],
])("%s is wrong", (text, wrong) => {
  expect(readAnswer(text)).toEqual({ wrong: expect.stringMatching(wrong) });
});
