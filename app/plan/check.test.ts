import { expect, test } from "vitest";

import { checkPlan, overlaps, waves } from "./check.ts";
import type { Plan, PlanTask } from "./plan.ts";

function task(id: string, more: Partial<PlanTask> = {}): PlanTask {
  return { id, title: "Do it", body: "Do this.", files: [], test: "", size: "small", after: [], ...more };
}

/** Tasks by id, with what each comes after. */
function planOf(edges: Record<string, string[]>): Plan {
  return { summary: "", tasks: Object.entries(edges).map(([id, after]) => task(id, { after })) };
}

/** A plan whose second task is `b` with `more`. */
const withTask = (more: Partial<PlanTask>): Plan => ({ summary: "", tasks: [task("a"), task("b", more)] });

const numbered = (count: number) =>
  planOf(Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, []])));

test("what is valid", () => {
  const diamond = planOf({ login: [], api: ["login"], docs: ["login"], all: ["api", "docs"] });
  expect(checkPlan(diamond)).toEqual([]);
  expect(checkPlan(numbered(12))).toEqual([]);
  const most = withTask({
    id: "a".repeat(40),
    title: "t".repeat(100),
    body: "b".repeat(1500),
    test: "t".repeat(500),
    files: Array.from({ length: 30 }, (_, n) => `${n}`.padStart(200, "f")),
  });
  expect(checkPlan({ ...most, summary: "s".repeat(2000) })).toEqual([]);
});

test.each([['`@everyone` <b>now</b> --> `x` "y"; graph TD'], ["⚠️ 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣"], ["می‌خواهم"], ["क्‍ष"], ["שלום"]])(
  "%s may be a title",
  (title) => {
    expect(checkPlan(withTask({ title }))).toEqual([]);
  },
);

test.each<[string, Partial<PlanTask>, (string | number)[], string]>([
  [
    "no id",
    { id: "" },
    ["id"],
    "Task 2 has no id; use lower-case letters, digits and single hyphens, like `fix-login`.",
  ],
  [
    "capitals",
    { id: "Fix" },
    ["id"],
    "`Fix` is no id; use lower-case letters, digits and single hyphens, like `fix-login`.",
  ],
  [
    "two hyphens",
    { id: "a--b" },
    ["id"],
    "`a--b` is no id; use lower-case letters, digits and single hyphens, like `fix-login`.",
  ],
  [
    "a path",
    { id: "../x" },
    ["id"],
    "`../x` is no id; use lower-case letters, digits and single hyphens, like `fix-login`.",
  ],
  [
    "a line after it",
    { id: "x\n" },
    ["id"],
    "`x` is no id; use lower-case letters, digits and single hyphens, like `fix-login`.",
  ],
  [
    "a long id",
    { id: "a".repeat(41) },
    ["id"],
    `The id \`${"a".repeat(40)}…\` has 41 characters; shorten it to 40.`,
  ],
  ["root", { id: "root" }, ["id"], "The id `root` is taken by the app itself; choose another."],
  ["plan", { id: "plan" }, ["id"], "The id `plan` is taken by the app itself; choose another."],
  ["the same id", { id: "a" }, ["id"], "Two tasks are called `a`; give each an id of its own."],
  ["no title", { title: "" }, ["title"], "The title of `b` is empty; write one."],
  [
    "a huge title",
    { title: "x".repeat(10_000) },
    ["title"],
    "The title of `b` has 10000 characters; shorten it to 100.",
  ],
  [
    "two lines",
    { title: "x\ny" },
    ["title"],
    "The title of `b` has a line end or a tab in it; write one line.",
  ],
  ["a tab", { title: "x\ty" }, ["title"], "The title of `b` has a line end or a tab in it; write one line."],
  ["spaces around", { title: " x" }, ["title"], "The title of `b` begins or ends with a space; remove it."],
  [
    "right to left",
    { title: "x\u202Ey" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+202E); remove it.",
  ],
  [
    "a right-to-left mark",
    { title: "x\u200Fy" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+200F); remove it.",
  ],
  [
    "zero width",
    { title: "x\u200By" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+200B); remove it.",
  ],
  [
    "a joiner between no letters",
    { title: "1\u200D2" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+200D); remove it.",
  ],
  [
    "hidden tags",
    { title: "x\u{E0041}\u{E0042}" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+E0041); remove it.",
  ],
  [
    "an escape",
    { title: "x\u001By" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+001B); remove it.",
  ],
  [
    "half a character",
    { title: "x\uD83D" },
    ["title"],
    "The title of `b` has a character that can't be seen (U+D83D); remove it.",
  ],
  ["no body", { body: "" }, ["body"], "The body of `b` is empty; write one."],
  [
    "a long body",
    { body: "x".repeat(1501) },
    ["body"],
    "The body of `b` has 1501 characters; shorten it to 1500.",
  ],
  [
    "a hidden body",
    { body: "a\r\nb" },
    ["body"],
    "The body of `b` has a character that can't be seen (U+000D); remove it.",
  ],
  [
    "a line separator",
    { body: "a\u2028b" },
    ["body"],
    "The body of `b` has a character that can't be seen (U+2028); remove it.",
  ],
  [
    "a long test",
    { test: "x".repeat(501) },
    ["test"],
    "The test of `b` has 501 characters; shorten it to 500.",
  ],
  [
    "many files",
    { files: Array.from({ length: 31 }, () => "x") },
    ["files"],
    "`b` lists 31 files; list the 30 that matter most.",
  ],
  ["no file", { files: ["x", ""] }, ["files", 1], "File 2 of `b` is empty; write one."],
  [
    "a long file",
    { files: ["x".repeat(201)] },
    ["files", 0],
    "File 1 of `b` has 201 characters; shorten it to 200.",
  ],
  [
    "a file above",
    { files: ["../x"] },
    ["files", 0],
    "File 1 of `b`, `../x`, is no path from the repository's root; write it like `src/login.ts`.",
  ],
  [
    "a way above",
    { files: ["x/../../y"] },
    ["files", 0],
    "File 1 of `b`, `x/../../y`, is no path from the repository's root; write it like `src/login.ts`.",
  ],
  [
    "an absolute file",
    { files: ["/etc/passwd"] },
    ["files", 0],
    "File 1 of `b`, `/etc/passwd`, is no path from the repository's root; write it like `src/login.ts`.",
  ],
  [
    "backslashes",
    { files: ["src\\x"] },
    ["files", 0],
    "File 1 of `b`, `src\\x`, is no path from the repository's root; write it like `src/login.ts`.",
  ],
  [
    "a file of two lines",
    { files: ["x\ny"] },
    ["files", 0],
    "File 1 of `b` has a line end or a tab in it; write one line.",
  ],
  ["itself", { after: ["b"] }, ["after", 0], "`b` comes after itself; remove it from its `after`."],
  [
    "nobody",
    { after: ["login"] },
    ["after", 0],
    "`b` comes after `login`, which is no task; remove it, or add that task.",
  ],
  [
    "a hostile nobody",
    { after: [`\`@all\u202E${"x".repeat(99)}`] },
    ["after", 0],
    `\`b\` comes after \`@all${"x".repeat(36)}…\`, which is no task; remove it, or add that task.`,
  ],
  ["twice", { after: ["a", "a"] }, ["after", 1], "`b` comes after `a` twice; keep one of them."],
])("%s is refused", (_, more, path, say) => {
  expect(checkPlan(withTask(more))).toEqual([{ path: ["tasks", 1, ...path], say }]);
});

test.each<[string, Plan, (string | number)[], string]>([
  ["0 tasks", numbered(0), ["tasks"], "The plan has no tasks; it needs 2 to 12."],
  ["1 task", numbered(1), ["tasks"], "The plan has 1 task; it needs 2 to 12."],
  ["13 tasks", numbered(13), ["tasks"], "The plan has 13 tasks; join or drop some until there are 12."],
  ["40 tasks", numbered(40), ["tasks"], "The plan has 40 tasks; join or drop some until there are 12."],
  [
    "a near miss",
    planOf({ login: [], docs: ["lgoin"] }),
    ["tasks", 1, "after", 0],
    "`docs` comes after `lgoin`, which is no task; did you mean `login`?",
  ],
  [
    "a cycle of two",
    planOf({ a: ["b"], b: ["a"] }),
    ["tasks", 0, "after"],
    "None of these could ever start: `a` after `b` after `a`; remove one of these edges.",
  ],
  [
    "a cycle of three behind a tail",
    planOf({ x: ["a"], a: ["b"], b: ["c"], c: ["a"] }),
    ["tasks", 1, "after"],
    "None of these could ever start: `a` after `b` after `c` after `a`; remove one of these edges.",
  ],
  [
    "an unneeded edge",
    planOf({ a: [], b: ["a"], c: ["b", "a"] }),
    ["tasks", 2, "after", 1],
    "`c` comes after `b`, which comes after `a` already; remove `a` from the `after` of `c`.",
  ],
  [
    "an unneeded edge over more",
    planOf({ a: [], b: ["a"], c: ["b"], d: ["a", "c"] }),
    ["tasks", 3, "after", 0],
    "`d` comes after `c`, which comes after `a` already; remove `a` from the `after` of `d`.",
  ],
  [
    "a long summary",
    { ...numbered(2), summary: "x".repeat(2001) },
    ["summary"],
    "The summary has 2001 characters; shorten it to 2000.",
  ],
])("%s is refused", (_, plan, path, say) => {
  expect(checkPlan(plan)).toEqual([{ path, say }]);
});

test("each task may be short enough, and all of them together too long", () => {
  const tasks = Array.from({ length: 12 }, (_, n) =>
    task(`t${n}`, { body: "word ".repeat(300).trim(), test: "word ".repeat(80).trim() }),
  );
  expect(checkPlan({ summary: "", tasks })).toEqual([
    {
      path: [],
      say: expect.stringMatching(/^The plan has 2\d{4} bytes as YAML; shorten it to 20000\.$/),
    },
  ]);
});

test("all problems are told at once", () => {
  const tasks = [task("A", { title: "" }), task("b", { after: ["c"], body: "" })];
  expect(checkPlan({ summary: "\u202E", tasks }).map(({ path }) => path.join("."))).toEqual([
    "summary",
    "tasks.0.id",
    "tasks.0.title",
    "tasks.1.body",
    "tasks.1.after.0",
  ]);
});

test("hostile plans are judged in no time", () => {
  const started = performance.now();
  const huge = "x\u202E".repeat(500_000);
  checkPlan(
    withTask({
      id: huge,
      title: huge,
      body: huge,
      files: [huge],
      after: Array.from({ length: 3000 }, () => huge),
    }),
  );
  checkPlan(numbered(50_000));
  expect(performance.now() - started).toBeLessThan(20_000);
});

test.each<[string, Record<string, string[]>, string[][]]>([
  ["none", {}, []],
  ["a chain", { c: ["b"], b: ["a"], a: [] }, [["a"], ["b"], ["c"]]],
  ["side by side", { a: [], b: [], c: [] }, [["a", "b", "c"]]],
  [
    "the longest way counts",
    { a: [], b: ["a"], c: ["b"], d: ["c"], e: ["a"], f: ["e", "d"] },
    [["a"], ["b", "e"], ["c"], ["d"], ["f"]],
  ],
  ["an edge to nothing is none", { a: ["gone"], b: ["a"] }, [["a"], ["b"]]],
  ["a cycle is in no wave", { a: [], b: ["c"], c: ["b"], d: ["c"] }, [["a"]]],
])("waves: %s", (_, edges, expected) => {
  expect(waves(planOf(edges))).toEqual(expected);
});

test.each<[string, [string, string[], string[]][], unknown]>([
  [
    "the same file",
    [
      ["a", [], ["x", "y"]],
      ["b", [], ["y", "z"]],
    ],
    [{ a: "a", b: "b", files: ["y"] }],
  ],
  [
    "different files",
    [
      ["a", [], ["x"]],
      ["b", [], ["xy"]],
    ],
    [],
  ],
  [
    "one after the other",
    [
      ["a", [], ["x"]],
      ["b", ["a"], ["x"]],
    ],
    [],
  ],
  [
    "one after the other over a third",
    [
      ["c", ["b"], ["x"]],
      ["b", ["a"], []],
      ["a", [], ["x"]],
    ],
    [],
  ],
  [
    "a folder",
    [
      ["a", [], ["src/"]],
      ["b", [], ["src/x", "lib/y"]],
    ],
    [{ a: "a", b: "b", files: ["src/x"] }],
  ],
  [
    "two after a third",
    [
      ["a", [], []],
      ["b", ["a"], ["x"]],
      ["c", ["a"], ["x"]],
    ],
    [{ a: "b", b: "c", files: ["x"] }],
  ],
])("overlaps: %s", (_, tasks, expected) => {
  const plan = { summary: "", tasks: tasks.map(([id, after, files]) => task(id, { after, files })) };
  expect(overlaps(plan)).toEqual(expected);
});
