import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { LINE_BYTES, RUN_BYTES } from "../contract/lines.ts";
import type { Step } from "./testing/script.ts";
import type { Ran, World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript, startRunner } from "./testing/world.ts";

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

test("setup that fails: the command and its last lines", async () => {
  const setup = ["true", "echo one; echo E404 no such package >&2; exit 4"];
  const ran = await runScript(world, briefFor(world, { setup }), [[CHANGE]]);
  expect(failed(ran)).toEqual([
    "setup",
    `The setup command \`${setup[1]}\` failed with exit code 4. Its last lines:\n\none\nE404 no such package`,
  ]);
});

test("setup that never ends is over with the run's time", async () => {
  const brief = briefFor(world, { setup: ["sleep 1000"], limits: { minutes: 0.1, tokens: 1000 } });
  const ran = await runScript(world, brief, [[CHANGE]]);
  expect(failed(ran)).toEqual([
    "time",
    "It ran past its 0.1 minutes while `sleep 1000` ran; there was nothing to push.",
  ]);
});

test("setup that leaves a program running in the background doesn't hold the run up", async () => {
  const ran = await runScript(world, briefFor(world, { setup: ["sleep 30 & echo started"] }), [
    [CHANGE, REPORT],
  ]);
  expect(ran.outcome).toMatchObject({ kind: "pushed" });
});

test("a push that the rules refuse: it asks, naming the paths", async () => {
  world.hook(
    "pre-receive",
    `echo "coxswain: refused: It changes workflows, which no agent may." >&2
echo 'coxswain: refused-paths: [".github/workflows/ci.yml"]' >&2
exit 1`,
  );
  const ran = await runScript(world, briefFor(world), [
    [{ write: ".github/workflows/ci.yml", text: "on: push\n" }, REPORT],
  ]);
  expect(ran.outcome).toEqual({
    kind: "asks",
    question:
      "I couldn't push my work. It changes workflows, which no agent may.\n\nIt is about:\n- `.github/workflows/ci.yml`\n\nHow shall I go on?",
  });
});

test("a push that fails otherwise", async () => {
  world.hook("pre-receive", 'echo "the disk is full" >&2; exit 1');
  const ran = await runScript(world, briefFor(world), [[CHANGE, REPORT]]);
  expect(failed(ran)).toEqual(["push", expect.stringMatching(/^The push failed: .*the disk is full/)]);
});

test("a person pushed to the branch meanwhile: both are kept, without force", async () => {
  const theirs = world.commit("agent/12/add", { "note.txt": "mine\n" });
  const meanwhile = join(world.dir, "meanwhile");
  const brief = briefFor(world, { branch: { name: "agent/12/add", exists: true } });
  const ran = await runScript(world, brief, [
    [
      CHANGE,
      {
        shell: `git -C ${world.dir}/person commit --allow-empty -qm x; git -C ${world.dir}/person push -q origin HEAD; touch ${meanwhile}`,
      },
      REPORT,
    ],
  ]);
  expect(ran.outcome).toMatchObject({ kind: "pushed" });
  expect(world.git("merge-base", "--is-ancestor", theirs, "agent/12/add")).toBe("");
  expect(world.git("log", "--format=%s", "agent/12/add")).toMatch(/^Merge commit .*\n(x\nAdd|Add\nx)\n/);
});

test.each<[string, { status: number; body: string }, [string, RegExp]]>([
  [
    "refuses the key",
    { status: 401, body: '{"error":{"message":"bad key"}}' },
    ["model", /^The model answered 401: bad key/],
  ],
  [
    "has no budget left",
    { status: 403, body: '{"error":{"message":"All 1000 tokens are spent.","code":"budget_spent"}}' },
    ["budget", /All 1000 tokens are spent/],
  ],
])("a model that %s: said before an agent is started", async (_, model, [reason, say]) => {
  world.door.model = model;
  const ran = await runScript(world, briefFor(world), [[CHANGE]]);
  expect(failed(ran)).toEqual([reason, expect.stringMatching(say)]);
  expect(ran.lines.some((line) => line.text.includes("starting the agent"))).toBe(false);
});

test("a preset that doesn't exist", async () => {
  const brief = briefFor(world, { agent: { preset: "robot", model: "m" } });
  const { outcome } = await startRunner(world, brief, null).ended;
  expect(outcome).toEqual({
    kind: "failed",
    reason: "agent",
    say: "There is no agent `robot`. There is: opencode.",
  });
});

test("a repository that can't be read", async () => {
  const ran = await runScript(
    world,
    briefFor(world, { repository: { id: 1, owner: "octo", name: "gone" } }),
    [[CHANGE]],
  );
  expect(failed(ran)).toEqual([
    "clone",
    expect.stringMatching(/^The repository couldn't be read: .*not found/),
  ]);
});
