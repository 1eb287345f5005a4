import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Step } from "./testing/script.ts";
import type { Ran, World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript, scripted, startRunner } from "./testing/world.ts";

const CHANGE: Step = { write: "src/add.js", text: "export const add = (a, b) => a + b;\n" };
const REPORT: Step = { report: { title: "Add", what: "It adds.", why: "", tested: "", answers: {} } };

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

const failed = (ran: Ran): unknown =>
  ran.outcome?.kind === "failed" ? [ran.outcome.reason, ran.outcome.say] : ran.outcome;

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
    ["model", /^The model can't be used \(401\): bad key/],
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

test("a budget that ends while the agent works: what it had is pushed", async () => {
  world.door.model = { status: 200, body: "{}" };
  const held = join(world.dir, "go");
  const turns: Step[][] = [[CHANGE, { say: "At work." }, { waitForFile: held }, { askModel: "More?" }]];
  const running = startRunner(world, briefFor(world), scripted(world, turns));
  await expect.poll(() => running.lines().at(-1)?.text, { timeout: 20_000 }).toBe("At work.");
  const message = "This run's budget of 1000 tokens is used up: 990 are spent.";
  world.door.model = { status: 403, body: JSON.stringify({ error: { message, code: "budget_spent" } }) };
  writeFileSync(held, "");
  expect(failed(await running.ended)).toEqual([
    "budget",
    `It used up its tokens (${message.slice(0, -1)}); what it had is pushed.`,
  ]);
  expect(world.git("show", "agent/12/add:src/add.js")).toContain("a + b");
});

test("a gate that doesn't take the pass", async () => {
  world.door.pass = "another";
  const ran = await runScript(world, briefFor(world), [[CHANGE]]);
  expect(failed(ran)).toEqual(["clone", "The gate refused this run's pass: That isn't a pass."]);
});

test("a run without a lease waits for it", async () => {
  world.door.gitStatus = 503;
  const running = startRunner(world, briefFor(world), scripted(world, [[CHANGE, REPORT]]));
  await expect
    .poll(() => world.door.asked.filter((asked) => asked.includes("info/refs")).length, { timeout: 20_000 })
    .toBeGreaterThan(0);
  world.door.gitStatus = null;
  expect((await running.ended).outcome).toMatchObject({ kind: "pushed" });
});

test("a run that is told to end while it waits for a lease ends at once", async () => {
  world.door.gitStatus = 503;
  const running = startRunner(world, briefFor(world), scripted(world, [[CHANGE, REPORT]]));
  await expect
    .poll(() => world.door.asked.filter((asked) => asked.includes("info/refs")).length, { timeout: 20_000 })
    .toBeGreaterThan(0);
  const told = Date.now();
  process.kill(running.pid, "SIGTERM");
  expect(failed(await running.ended)).toEqual([
    "stopped",
    "It was stopped before it had the repository; there was nothing to push.",
  ]);
  expect(Date.now() - told).toBeLessThan(10_000);
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

test("a runner that can't leave its outcome ends all the same, and says why", async () => {
  const taken: Step = { shell: "mkdir -p $HOME/../outcome.json/taken" };
  const ran = await runScript(world, briefFor(world), [[taken]]);
  expect(ran.outcome).toBeNull();
  expect(ran.stderr).toContain("The outcome couldn't be written");
});
