import { afterEach, beforeEach, expect, test } from "vitest";

import type { World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript } from "./testing/world.ts";

const FIXED = "export const add = (a, b) => a + b;\n";
const REPORT = {
  title: "Add instead of subtracting",
  what: "`add` adds now.",
  why: "It subtracted.",
  tested: "By hand.",
  answers: {},
};

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

test("the agent's change is committed, pushed to its one branch, and reported", async () => {
  const ran = await runScript(world, briefFor(world), [
    [{ write: "src/add.js", text: FIXED }, { report: REPORT }],
  ]);

  expect(ran.outcome).toEqual({
    kind: "pushed",
    title: "Add instead of subtracting",
    what: "`add` adds now.",
    why: "It subtracted.",
    tested: "By hand.",
  });
  expect(world.git("show", "agent/12/add:src/add.js")).toBe(FIXED.trim());
  expect(world.git("log", "-1", "--format=%an <%ae> | %cn%n%B", "agent/12/add")).toBe(
    [
      "coxswain[bot] <1+coxswain[bot]@users.noreply.github.com> | coxswain[bot]",
      "Add instead of subtracting",
      "",
      "`add` adds now.",
      "",
      "Co-authored-by: Mona <mona@example.com>",
    ].join("\n"),
  );
  expect(world.git("rev-parse", "agent/12/add~1")).toBe(world.base);
  expect(ran.lines.map((line) => line.n)).toEqual(ran.lines.map((_, at) => at));
});
