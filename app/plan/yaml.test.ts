import * as fc from "fast-check";
import { expect, test } from "vitest";

import { checkPlan } from "./check.ts";
import { withoutHidden } from "./hidden.ts";
import { SIZES } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { parsePlan, printPlan } from "./yaml.ts";

/** A plan of two tasks, the second of which has `lines` more. */
const planWith = (...lines: string[]) =>
  [
    "tasks:",
    "  - {id: a, title: A, body: Do a.}",
    "  - id: b",
    "    title: B",
    "    body: Do b.",
    ...lines.map((line) => `    ${line}`),
  ].join("\n");

const plan: Plan = {
  summary: "Log in with GitHub.\n\nWhich accounts? All.",
  tasks: [
    {
      id: "login",
      title: "Log in: with `GitHub` --> @everyone",
      body: "Add the button, and make it say where it leads, because people want to know that before they press it.",
      files: ["src/login.ts", "src/a b.ts"],
      test: "",
      size: "small",
      after: [],
    },
    {
      id: "docs",
      title: "# 404",
      body: "One:\n\n- a\n- b\n\n```js\n\tx   \n```",
      files: [],
      test: "npm test",
      size: "large",
      after: ["login"],
    },
  ],
};

test("it is printed for people", () => {
  expect(printPlan(plan)).toMatchInlineSnapshot(`
    "summary: |-
      Log in with GitHub.

      Which accounts? All.
    tasks:
      - id: login
        title: "Log in: with \`GitHub\` --> @everyone"
        after: []
        size: small
        files:
          - src/login.ts
          - src/a b.ts
        body: >-
          Add the button, and make it say where it leads, because people
          want to know that before they press it.
        test: ""
      - id: docs
        title: "# 404"
        after: [login]
        size: large
        files: []
        body: |-
          One:

          - a
          - b

          \`\`\`js
          	x   
          \`\`\`
        test: npm test
    "
  `);
});

function errors(text: string): string[] {
  const parsed = parsePlan(text);
  return "plan" in parsed ? [] : parsed.errors.map(({ line, say }) => `${line}: ${say}`);
}

/** Pieces that YAML could take for something else. */
const TRICKY = ["\n", "\n\n", "\t", "word ".repeat(15), "x".repeat(90)].concat(
  "a, ,  ,- ,#,: ,',\",\\,|,>,---,...,%,&a,*a,!!x,null,404,`,[,{,<<".split(","),
);

/** Texts as valid plans have them. */
const words = (most: number) =>
  fc
    .oneof(
      fc.string({ unit: "grapheme", maxLength: Math.min(most, 200) }),
      fc.array(fc.constantFrom(...TRICKY), { maxLength: 20 }).map((parts) => parts.join("")),
    )
    .map((text) => withoutHidden(text).trim().slice(0, most).trim());
const line = (most: number) => words(most).map((text) => text.replaceAll(/[\n\t]/g, " ").trim());

const plans: fc.Arbitrary<Plan> = fc
  .record({
    summary: words(2000),
    tasks: fc.array(
      fc.record({
        title: line(100).map((text) => text || "x"),
        body: words(1500).map((text) => text || "x"),
        files: fc.array(
          line(200).map((file) => file.replaceAll(/[\\/]/g, "_") || "x"),
          { maxLength: 3 },
        ),
        test: words(500),
        size: fc.constantFrom(...SIZES),
        id: fc.constantFrom("a", "null", "no", "0x1", "1e3", "404", "2024-01-01", "fix-login", "y"),
        edges: fc.array(fc.nat(2), { maxLength: 2 }),
      }),
      { minLength: 2, maxLength: 6 },
    ),
  })
  .map(({ summary, tasks }) => {
    const ids = tasks.map(({ id }, at) => `${id}-${at}`.replace(/-0$/, ""));
    return {
      summary,
      tasks: tasks.map(({ edges, ...task }, at) => ({
        ...task,
        id: ids[at]!,
        after: ids.filter((_, n) => at > 2 && edges.includes(n)),
      })),
    };
  });

test("what is printed is read back the same", () => {
  let valid = 0;
  const same = fc.property(plans, (plan) => {
    fc.pre(checkPlan(plan).length === 0);
    valid++;
    expect(parsePlan(printPlan(plan))).toEqual({ plan });
    expect(parsePlan(printPlan(plan).replaceAll("\n", "\r\n"))).toEqual({ plan });
  });
  fc.assert(same, { numRuns: 300, maxSkipsPerRun: 1000 });
  expect(valid).toBeGreaterThanOrEqual(300);
});

test("what people leave out, or leave without a value, has a default", () => {
  const expected = { id: "b", title: "B", body: "Do b.", test: "", files: [], after: [], size: "medium" };
  for (const text of [
    planWith(),
    planWith("after:", "files:", "test:", "size:", "# nothing"),
    `summary:\n${planWith()}`,
  ])
    expect(parsePlan(text)).toMatchObject({ plan: { summary: "", tasks: [{ id: "a" }, expected] } });
});

test("what people write is trimmed", () => {
  const text = planWith("test: |+", "", "  npm test", "", "after: [ ' a ' ]").replace(
    "title: B",
    'title: " B "',
  );
  expect(parsePlan(text)).toMatchObject({
    plan: { tasks: [{}, { title: "B", test: "npm test", after: ["a"] }] },
  });
});

test.each<[string, string]>([
  ["", "1: `tasks` must be a list of tasks, each with `- id: …` in its first line."],
  ["tasks: 3", "1: `tasks` must be a list of tasks, each with `- id: …` in its first line."],
  ["- id: a", "1: the plan must be a list of `tasks`, perhaps below a `summary`."],
  ["Sounds good!", "1: the plan must be a list of `tasks`, perhaps below a `summary`."],
  ["tasks: []", "1: The plan has no tasks; it needs 2 to 12."],
  [
    "tasks: [{id: a, title: A, body: x}, b]",
    "1: `tasks[2]` must be a task, with `id`, `title` and `body` at least.",
  ],
  [planWith("titel: x"), "6: `tasks[2].titel` isn't part of a plan; did you mean `tasks[2].title`?"],
  [
    planWith("depends: [a]"),
    "6: `tasks[2].depends` isn't part of a plan; remove it, or use one of `id`, `title`, `after`, `size`, `files`, `body`, `test`.",
  ],
  [`sumary: x\n${planWith()}`, "1: `sumary` isn't part of a plan; did you mean `summary`?"],
  [
    planWith("__proto__: {id: c}"),
    "6: `tasks[2].__proto__` isn't part of a plan; remove it, or use one of `id`, `title`, `after`, `size`, `files`, `body`, `test`.",
  ],
  [planWith("size: huge"), "6: `tasks[2].size` must be one of small, medium, large."],
  [planWith("after: a"), "6: `tasks[2].after` must be a list of ids of other tasks, like `[login, docs]`."],
  [
    planWith("after:", "  - 7"),
    "7: `tasks[2].after[1]` must be text, in quotes where YAML takes it for something else.",
  ],
  [planWith("test: 7"), "6: `tasks[2].test` must be text, in quotes where YAML takes it for something else."],
  [
    planWith().replace("title: B", "title: 404"),
    "4: `tasks[2].title` must be text, in quotes where YAML takes it for something else.",
  ],
  [planWith().replace("title: B", "title:"), "4: `tasks[2].title` must be there, as text."],
  [planWith().replace("title: B", "title: ''"), "4: The title of `b` is empty; write one."],
  [planWith().replace("    title: B\n", ""), "3: `tasks[2].title` must be there, as text."],
  [
    planWith("after: [", "  a,", "  later]"),
    "8: `b` comes after `later`, which is no task; remove it, or add that task.",
  ],
  [
    planWith("files:", "  - x", "  - ../y"),
    "8: File 2 of `b`, `../y`, is no path from the repository's root; write it like `src/login.ts`.",
  ],
  [
    planWith("test: |", "  one", "  two\u202E"),
    "6: The test of `b` has a character that can't be seen (U+202E); remove it.",
  ],
  [
    planWith().replace("title: B", `title: ${"x".repeat(10_000)}`),
    "4: The title of `b` has 10000 characters; shorten it to 100.",
  ],
  [
    planWith().replace("title: B", "title: x\u200Fy"),
    "4: The title of `b` has a character that can't be seen (U+200F); remove it.",
  ],
  [planWith("after: &x [a]"), "6: `&x` is an anchor; write the value alone."],
  [planWith("after: *x"), "6: `*x` is an alias; write the value itself."],
  [planWith("after: !!seq [a]"), "6: `tag:yaml.org,2002:seq` is a tag; write the value alone."],
  [planWith("test: !include /etc/passwd"), "6: `!include` is a tag; write the value alone."],
  [planWith("title: C"), "6: `title` is there twice; keep one of them."],
  [planWith("after:", "\t- a"), "7: a tab can't indent YAML; use spaces."],
  [
    planWith("<<: {size: small}"),
    "6: `tasks[2].<<` isn't part of a plan; remove it, or use one of `id`, `title`, `after`, `size`, `files`, `body`, `test`.",
  ],
  [`${planWith()}\n---\nx: y`, "6: a second document begins here; keep one."],
  [planWith("test: 'x"), "6: this isn't YAML: missing closing 'quote."],
  [planWith("? [a]", ": b"), "6: a key must be a plain word."],
  [`x: ${"x".repeat(40_000)}`, "1: the plan is longer than 40000 characters; shorten it."],
  ["- ".repeat(19_000), "1: the plan is nested too deeply; `tasks` and what they have need four levels."],
])("%.60s says what to do, and where", (text, sentence) => {
  expect(errors(text)).toEqual([sentence]);
});

test("a plan that is too long as a whole is no line's fault", () => {
  const tasks = Array.from({ length: 12 }, (_, n) => ({
    ...plan.tasks[0]!,
    id: `t${n}`,
    body: "x".repeat(1500),
    test: "y".repeat(500),
  }));
  expect(errors(printPlan({ summary: "", tasks }))).toEqual([
    expect.stringMatching(/^null: The plan has 2\d{4} bytes/),
  ]);
});

test("aliases that explode don't", () => {
  const bomb = [
    "a: &a [x, x]",
    ..."bcdefghijklmnop"
      .split("")
      .map((key, n) => `${key}: &${key} [${`*${"abcdefghijklmnop"[n]}, `.repeat(9)}x]`),
  ];
  const found = errors(bomb.join("\n"));
  expect(found[0]).toBe("1: `&a` is an anchor; write the value alone.");
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe("null: There are more problems; they are told once these are mended.");
});

test("texts made to be slow aren't", () => {
  const started = performance.now();
  errors("tasks:\n".repeat(5000));
  errors("[".repeat(39_999));
  errors(`tasks: [${"{},".repeat(10_000)}]`);
  errors(`tasks: [{id: a, after: [${"x,".repeat(15_000)}]}, {id: b}]`);
  errors(planWith(`after: [${"x,".repeat(15_000)}]`));
  errors(planWith(`files: [${"..,".repeat(10_000)}]`));
  errors(planWith(`test: ${"\u200D".repeat(39_000)}`));
  expect(performance.now() - started).toBeLessThan(30_000);
});
