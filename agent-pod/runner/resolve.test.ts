import { afterEach, beforeEach, expect, test } from "vitest";

import type { Brief } from "../contract/brief.ts";
import type { Step } from "./testing/script.ts";
import type { World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript } from "./testing/world.ts";

const REPORT: Step = {
  report: { title: "Resolve the conflict", what: "Kept both.", why: "", tested: "", answers: {} },
};
const RESOLVED = "export const add = (a, b) => Number(a) + b;\n";

let world: World;
let brief: Brief;
beforeEach(async () => {
  world = await makeWorld();
  world.commit("agent/12/add", { "src/add.js": "export const add = (a, b) => a + b;\n" });
  brief = briefFor(world, { purpose: "resolve", branch: { name: "agent/12/add", exists: true } });
});
afterEach(() => world.close());

const parents = (): string[] => world.git("log", "-1", "--format=%P", "agent/12/add").split(" ");

test("the agent resolves what conflicts, and the merge is one commit with both parents", async () => {
  const ours = world.git("rev-parse", "agent/12/add");
  const base = world.commit("main", {
    "src/add.js": "export const add = (a, b) => Number(a) - b;\n",
    "b.txt": "b",
  });
  const ran = await runScript(world, { ...brief, setup: ["echo leftover > left.txt"] }, [
    [{ write: "src/add.js", text: RESOLVED }, REPORT],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Resolve the conflict" });
  expect(parents()).toEqual([ours, base]);
  expect(world.git("show", "agent/12/add:src/add.js")).toBe(RESOLVED.trim());
  expect(world.git("ls-tree", "--name-only", "agent/12/add").split("\n")).toEqual([
    "README.md",
    "b.txt",
    "src",
  ]);
  expect(
    world.git("log", "-1", "--format=%an|%(trailers:key=Co-authored-by,valueonly)", "agent/12/add"),
  ).toBe("coxswain[bot]|Mona <mona@example.com>");
});

test("conflict markers that the agent leaves are pointed out once, then the run fails", async () => {
  world.commit("main", { "src/add.js": "export const add = (a, b) => Number(a) - b;\n" });
  const mended = await runScript(world, brief, [[REPORT], [{ write: "src/add.js", text: RESOLVED }, REPORT]]);
  expect(mended.outcome).toMatchObject({ kind: "pushed" });

  world.commit("main", { "src/add.js": "export const add = (a, b) => Number(a) - Number(b);\n" });
  const left = await runScript(world, brief, [[REPORT], [REPORT]]);
  expect(left.outcome).toEqual({
    kind: "failed",
    reason: "agent",
    say: "The agent left conflict markers in src/add.js.",
  });
});

test("without a conflict no agent is asked: the base is merged, or in it already", async () => {
  const base = world.commit("main", { "b.txt": "b" });
  const clean = await runScript(world, brief, [[{ crash: true }]]);
  expect(clean.outcome).toMatchObject({ kind: "pushed", title: "Merge main into agent/12/add" });
  expect(parents()[1]).toBe(base);

  const again = await runScript(world, brief, [[{ crash: true }]]);
  expect(again.outcome).toMatchObject({
    kind: "nothing",
    say: expect.stringContaining("no conflict any more") as string,
  });
});

test("the base may be another branch than the default one", async () => {
  world.commit("main", { "b.txt": "b" });
  const root = world.commit("agent/12/root", { "src/add.js": "export const add = (a, b) => b + a;\n" });
  world.commit("main", { "src/add.js": "main went elsewhere\n" });
  const ran = await runScript(world, { ...brief, base: { branch: "agent/12/root", sha: world.base } }, [
    [{ write: "src/add.js", text: RESOLVED }, REPORT],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "pushed" });
  expect(parents()[1]).toBe(root);
  expect(world.git("log", "-1", "--format=%s", "agent/12/add")).toContain("Resolve the conflict");
});
