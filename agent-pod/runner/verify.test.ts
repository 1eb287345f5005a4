import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Brief } from "../contract/brief.ts";
import type { Step } from "./testing/script.ts";
import type { Ran, World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript } from "./testing/world.ts";

const FIXED = "export const add = (a, b) => a + b;\n";
const WRONG = "export const add = (a, b) => a * b;\n";
const REPORT: Step = {
  report: { title: "Make add add", what: "It adds.", why: "", tested: "", answers: {} },
};
/** Passes once `add` adds, and leaves a file behind. */
const TEST = "echo run >> coverage.txt; echo '```'; echo 'expected 3'; grep -q 'a + b' src/add.js";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

const briefOf = (changes: Partial<Brief> = {}): Brief =>
  briefFor(world, { test: TEST, verify: true, ...changes });
const steps = (ran: Ran): string[] =>
  ran.lines.flatMap((line) => (line.kind === "step" ? line.text.split(" ")[0]! : []));
const onBranch = (...args: string[]): string[] => world.git(...args).split("\n");

test("tests that pass are run once, with what the agent left uncommitted, and the work is pushed", async () => {
  const ran = await runScript(world, briefOf(), [
    [{ write: "src/add.js", text: FIXED }, REPORT],
    [{ write: "never.txt", text: "asked again" }],
  ]);

  expect(ran.outcome).toMatchObject({
    kind: "pushed",
    tested: expect.stringContaining("passed.") as string,
  });
  expect(ran.lines.filter((line) => line.text.startsWith("test: "))).toHaveLength(1);
  expect(ran.lines.some((line) => line.kind === "said" && line.text.includes("expected 3"))).toBe(true);
  expect(onBranch("diff", "--name-only", "main", "agent/12/add")).toEqual(["src/add.js"]);
});

test("what fails is shown to the same agent as a quote, and mended; what the tests leave behind isn't committed", async () => {
  const prompt = join(world.dir, "prompt");
  const ran = await runScript(world, briefOf({ setup: ["echo generated > generated.txt"] }), [
    [{ write: "src/add.js", text: WRONG }, REPORT],
    [
      { savePrompt: prompt },
      { write: "src/add.js", text: FIXED },
      { write: "more.txt", text: "more" },
      { report: { title: "Add, really" } },
    ],
  ]);

  expect(ran.outcome).toMatchObject({
    kind: "pushed",
    title: "Add, really",
    what: "It adds.",
    tested: expect.stringContaining("passed.") as string,
  });
  expect(readFileSync(prompt, "utf8")).toContain("````text\n```\nexpected 3\n````");
  expect(onBranch("log", "--format=%s|%an", "main..agent/12/add")).toEqual([
    "Make the tests pass|coxswain[bot]",
    "Make add add|coxswain[bot]",
  ]);
  expect(onBranch("diff", "--name-only", "main", "agent/12/add")).toEqual(["more.txt", "src/add.js"]);
});

test("what still fails is pushed all the same, and the run fails with the end of the output", async () => {
  const ran = await runScript(world, briefOf({ test: `head -c 9000 /dev/zero | tr "\\0" x; ${TEST}` }), [
    [{ write: "src/add.js", text: WRONG }, REPORT],
    [{ write: "src/add.js", text: `${WRONG}// tried\n` }, { report: { question: "Why 3?" } }],
    [{ write: "never.txt", text: "asked a third time" }],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "failed", reason: "tests" });
  const say = ran.outcome?.kind === "failed" ? ran.outcome.say : "";
  expect(say).toMatch(/fails \(exit code 1\).*is pushed\.\n\nThe agent asks: Why 3\?\n.*expected 3$/s);
  expect(say.length).toBeLessThan(1_500);
  expect(steps(ran).filter((step) => step === "test:")).toHaveLength(2);
  expect(world.git("show", "agent/12/add:src/add.js")).toContain("// tried");
  expect(onBranch("ls-tree", "--name-only", "agent/12/add")).toEqual(["README.md", "src"]);
});

test("an agent that is gone when it is asked to mend: its work is pushed", async () => {
  const ran = await runScript(world, briefOf(), [
    [{ write: "src/add.js", text: WRONG }, REPORT],
    [{ crash: true }],
  ]);
  expect(ran.outcome).toMatchObject({ kind: "failed", reason: "tests" });
  expect(ran.lines.some((line) => line.kind === "step" && line.text.includes("ended by SIGKILL"))).toBe(true);
  expect(world.git("show", "agent/12/add:src/add.js")).toBe(WRONG.trim());
});

test.each<[string, Partial<Brief>, Step[][]]>([
  ["tests", { test: "sleep 60" }, [[{ write: "src/add.js", text: FIXED }, REPORT]]],
  ["mending", {}, [[{ write: "src/add.js", text: WRONG }, REPORT], [{ hang: true }]]],
])("%s past the run's time: what it had is pushed", async (_, changes, turns) => {
  const limits = { minutes: 0.15, tokens: 1000 };
  const ran = await runScript(world, briefOf({ limits, ...changes }), turns);
  expect(ran.outcome).toEqual({
    kind: "failed",
    reason: "time",
    say: "It ran past its 0.15 minutes; what it had is pushed.",
  });
  expect(world.git("rev-list", "--count", "main..agent/12/add")).toBe("1");
});

test("without a change nothing is tested; without a command the work is pushed", async () => {
  const nothing = await runScript(world, briefOf(), [[{ say: "It adds already." }]]);
  expect(nothing.outcome).toEqual({ kind: "nothing", say: "It adds already." });
  expect(steps(nothing)).not.toContain("test:");

  const untested = await runScript(world, briefOf({ test: null }), [
    [{ write: "src/add.js", text: FIXED }, REPORT],
  ]);
  expect(untested.outcome).toMatchObject({ kind: "pushed", tested: "" });
});

test("a merge without conflicts whose tests fail is what the agent is started for", async () => {
  world.commit("agent/12/add", { "src/add.js": FIXED });
  world.commit("main", { "src/twice.js": "twice" });
  const prompt = join(world.dir, "prompt");
  const brief = briefOf({
    purpose: "resolve",
    branch: { name: "agent/12/add", exists: true },
    test: "test -f src/glue.js || { echo no glue; exit 1; }",
  });
  const ran = await runScript(world, brief, [
    [{ savePrompt: prompt }, { write: "src/glue.js", text: "glue" }, { report: { what: "Glued them." } }],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "pushed", what: "Glued them." });
  expect(readFileSync(prompt, "utf8")).toMatch(/was merged into this branch just now.*no glue/s);
  expect(onBranch("ls-tree", "-r", "--name-only", "agent/12/add")).toEqual([
    "README.md",
    "src/add.js",
    "src/glue.js",
    "src/twice.js",
  ]);
});
