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

/** The tasks of a plan of them, where what isn't said is made up. */
function tasksOf(...tasks: object[]): unknown {
  const given = tasks.map((task) => ({ id: "x", title: "t", body: "b", ...task }));
  const answer = readAnswer(JSON.stringify({ kind: "complex", summary: " All of it. ", tasks: given }));
  return "wrong" in answer || answer.kind !== "complex" ? answer : answer.plan.tasks;
}

test("a plan: what isn't said has defaults", () => {
  expect(
    readAnswer(JSON.stringify({ kind: "complex", tasks: [{ id: "x", title: "t", body: "b" }] })),
  ).toEqual({
    kind: "complex",
    plan: {
      summary: "",
      tasks: [{ id: "x", title: "t", body: "b", files: [], test: "", size: "medium", after: [] }],
    },
  });
});

test("a plan: edges follow the ids of their tasks", () => {
  expect(
    tasksOf(
      { id: "Fix Login!" },
      { id: "日本", title: "Say hello", after: ["Fix Login!", "fix-login"] },
      { id: "root", title: "日本", after: ["日本", "FIX LOGIN", "Gone away", "本"] },
    ),
  ).toMatchObject([
    { id: "fix-login", after: [] },
    { id: "say-hello", after: ["fix-login"] },
    { id: "root", after: ["say-hello", "fix-login", "gone-away", "本"] },
  ]);
});

test("a plan: words are cleaned, and what is little missed is cut; a body is left to be shortened", () => {
  const hidden = `a\n\u202Eb ${"c".repeat(300)}`;
  const secret = `ghp_${"a1B2".repeat(9)}`;
  const [task] = tasksOf({
    title: hidden,
    body: `\u200Bx\r\ny ${secret}${"d".repeat(9000)}`,
    test: "e".repeat(600),
  }) as { title: string; body: string; test: string }[];
  expect(task!.title).toBe(`a b ${"c".repeat(95)}…`);
  expect(task!.body).toMatch(/^x\ny \[redacted\]/);
  expect(task!.test).toBe(`${"e".repeat(499)}…`);
  expect(tasksOf({ body: "d".repeat(9000) })).toMatchObject([{ body: "d".repeat(9000) }]);
});

test.each<[string[], string[]]>([
  [
    ["./src/x", "/src/x", "src//x", "src/"],
    ["src/x", "src/"],
  ],
  [
    ["../../etc/passwd", "src/../lib"],
    ["etc/passwd", "lib"],
  ],
  [["", " ", ".", "\u200B", "a\\b", "a\nb", "x".repeat(201)], []],
  [Array.from({ length: 40 }, (_, n) => `${n}`), Array.from({ length: 30 }, (_, n) => `${n}`)],
])("the files %j become %j", (files, paths) => {
  expect(tasksOf({ files })).toMatchObject([{ files: paths }]);
});

test.each([
  ["", /isn't JSON/],
  ["null", /expected object/i],
  ['{"kind":"wave"}', /kind/],
  ['{"kind":"simple"}', /task/],
  ['{"kind":"simple","task":{"id":"x","title":" ","body":"b"}}', /must not be empty[^]*task\.title/],
  ['{"kind":"simple","task":{"id":"x","title":"t"}}', /task\.body/],
  ['{"kind":"complex","task":{"id":"x","title":"t","body":"b"}}', /tasks/],
  ['{"kind":"complex","tasks":[{"id":"x","title":"t"}]}', /tasks\[0\]\.body/],
  ['{"kind":"complex","tasks":[{"id":"x","title":"t","body":"b","size":"huge"}]}', /tasks\[0\]\.size/],
  ['{"kind":"complex","tasks":[{"id":"x","title":"t","body":"b","after":"y"}]}', /tasks\[0\]\.after/],
  [`"${"x".repeat(200_000)}"`, /far too long/],
  ['{"kind":"asks","questions":[]}', /questions/],
  ['{"kind":"asks","questions":["1","2","3","4","5","6"]}', /questions/],
  ['{"kind":"asks","questions":[3]}', /questions\[0\]/],
])("%.90s is wrong", (text, wrong) => {
  expect(readAnswer(text)).toEqual({ wrong: expect.stringMatching(wrong) });
});
