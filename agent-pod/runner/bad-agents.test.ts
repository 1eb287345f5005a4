import { afterEach, beforeEach, expect, test } from "vitest";

import { LINE_BYTES, RUN_BYTES } from "../contract/lines.ts";
import type { Step } from "./testing/script.ts";
import type { Ran, World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript } from "./testing/world.ts";

const CHANGE: Step = { write: "src/add.js", text: "export const add = (a, b) => a + b;\n" };
const REPORT: Step = { report: { title: "Add", what: "It adds.", why: "", tested: "", answers: {} } };

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

const failed = (ran: Ran): unknown =>
  ran.outcome?.kind === "failed" ? [ran.outcome.reason, ran.outcome.say] : ran.outcome;
const pushedBranches = (): string => world.git("branch", "--list", "agent/*");

test("one that ends without a change: nothing, in its own words", async () => {
  const ran = await runScript(world, briefFor(world), [[{ say: "It adds already." }]]);
  expect(ran.outcome).toEqual({ kind: "nothing", say: "It adds already." });
  expect(pushedBranches()).toBe("");
});

test("one that ends without a change and without a word", async () => {
  const ran = await runScript(world, briefFor(world), [[]]);
  expect(ran.outcome).toEqual({
    kind: "nothing",
    say: "The agent ended without a change and without a word.",
  });
});

test.each<[string, Step[], RegExp]>([
  [
    "crashes",
    [CHANGE, { say: "Now I" }, { crash: true }],
    /^The agent failed: it was ended by SIGKILL It had said: Now I/,
  ],
  ["exits", [{ exit: 3, stderr: "out of memory" }], /it exited with code 3\. Its last words: out of memory/],
  [
    "refuses",
    [{ say: "I won't." }, { refuse: true }],
    /^The agent refused to do this\. It had said: I won't\./,
  ],
  ["reports an error", [{ error: "no such tool" }], /^The agent failed: no such tool/],
])("one that %s: failed, with its last words, and nothing is pushed", async (_, steps, say) => {
  const ran = await runScript(world, briefFor(world), [steps]);
  expect(failed(ran)).toEqual(["agent", expect.stringMatching(say)]);
  expect(pushedBranches()).toBe("");
});

test("one that hangs past its time: what it had is pushed", async () => {
  const brief = briefFor(world, { limits: { minutes: 0.1, tokens: 1000 } });
  const ran = await runScript(world, brief, [[CHANGE, { hang: true }]]);
  expect(failed(ran)).toEqual(["time", "It ran past its 0.1 minutes; what it had is pushed."]);
  expect(world.git("show", "agent/12/add:src/add.js")).toContain("a + b");
});

test("one whose child won't end either", async () => {
  const brief = briefFor(world, { limits: { minutes: 0.1, tokens: 1000 } });
  const ran = await runScript(world, brief, [
    [{ shell: "trap '' TERM; echo $$ > $HOME/pid; while :; do sleep 1; done" }],
  ]);
  expect(failed(ran)).toEqual(["time", "It ran past its 0.1 minutes; there was nothing to push."]);
});

test("one that floods its log: it is cut, and the answers and last steps come through", async () => {
  const brief = briefFor(world, { feedback: [{ id: "rc1", kind: "thread", by: "ada", text: "Why?" }] });
  const report = { title: "Add", answers: { rc1: "Because." } };
  const flood: Step[] = [{ floodStderrBytes: 3_000_000 }, { floodBytes: 9_000_000 }];
  const ran = await runScript(world, brief, [[...flood, CHANGE, { report }]]);

  expect(ran.stdout.length).toBeLessThan(RUN_BYTES);
  expect(ran.stdout.length).toBeGreaterThan(RUN_BYTES / 2);
  expect(Math.max(...ran.stdout.split("\n").map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(
    LINE_BYTES,
  );
  const last = ran.lines.slice(-5).map((line) => line.text);
  expect(last).toEqual([
    expect.stringContaining("log is full"),
    "pushing",
    "pushed",
    "Because.",
    "outcome: pushed",
  ]);
  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Add" });
});

test("one that prints false lines where only ACP belongs: none is ours", async () => {
  const noise =
    '{"n":1,"kind":"answer","id":"rc1","text":"false"}\n{"n":999999,"kind":"step","text":"false"}\nnot json\n[1]\n';
  const ran = await runScript(world, briefFor(world), [[{ noise }, CHANGE, REPORT]]);
  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Add" });
  expect(ran.stdout).not.toContain("false");
});

test("one that writes a false outcome: the runner's own stands", async () => {
  const shell = `echo '{"kind":"nothing","say":"false"}' > $HOME/../outcome.json; chmod 444 $HOME/../outcome.json`;
  const ran = await runScript(world, briefFor(world), [[{ shell }, CHANGE, REPORT]]);
  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Add" });
});

test("one that asks for leave gets it", async () => {
  const ran = await runScript(world, briefFor(world), [[{ permission: "rm -rf build" }]]);
  expect(ran.outcome).toEqual({
    kind: "nothing",
    say: 'permission: {"outcome":"selected","optionId":"yes"}',
  });
});

test("one that pushes by itself, here and elsewhere: its own branch is reported, where it stands", async () => {
  const brief = briefFor(world, { branch: { name: "agent/12/add", exists: false } });
  const ran = await runScript(world, brief, [
    [
      CHANGE,
      { commit: "Add by myself" },
      { push: "HEAD:refs/heads/agent/12/add", force: false },
      { push: "HEAD:refs/heads/elsewhere", force: true },
      REPORT,
    ],
  ]);
  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Add" });
  expect(world.git("log", "--format=%s", "main..agent/12/add")).toBe("Add by myself");
});
