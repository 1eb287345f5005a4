import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Brief } from "../contract/brief.ts";
import type { Line } from "../contract/lines.ts";
import type { World } from "./testing/world.ts";
import { briefFor, makeWorld, runScript, scripted, startRunner } from "./testing/world.ts";

const FIXED = "export const add = (a, b) => a + b;\n";
const REPORT = {
  title: "Add instead of subtracting",
  what: "`add` adds now.",
  why: "It subtracted.",
  tested: "By hand.",
  answers: {},
};
const FEEDBACK: Brief["feedback"] = [
  { id: "rc1", kind: "thread", by: "ada", text: "Why not a sum?", path: "src/add.js", line: 1 },
  { id: "cr7", kind: "check", by: "ci", text: "expected 3, got -1" },
];

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

function answersOf(lines: readonly Line[]): Record<string, string> {
  return Object.fromEntries(lines.flatMap((line) => (line.kind === "answer" ? [[line.id, line.text]] : [])));
}

test("the agent's change is committed, pushed to its one branch, and reported", async () => {
  const ran = await runScript(world, briefFor(world), [
    [{ write: "src/add.js", text: FIXED }, { report: REPORT }],
  ]);

  const { answers, ...said } = REPORT;
  expect(ran.outcome).toEqual({ kind: "pushed", ...said });
  expect(answersOf(ran.lines)).toEqual(answers);
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

test("commits of the agent's own get the app's name and the co-author, and keep their words", async () => {
  const shell =
    'git -c user.name=Evil -c user.email=e@x commit -qam "Change it, fixes #99" --author "Evil <e@x>"';
  const ran = await runScript(world, briefFor(world), [
    [{ write: "src/add.js", text: FIXED }, { shell }, { write: "b.txt", text: "b" }, { report: REPORT }],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "pushed" });
  expect(
    world.git("log", "--format=%an|%s|%(trailers:key=Co-authored-by,valueonly)", "main..agent/12/add"),
  ).toBe(
    [
      "coxswain[bot]|Add instead of subtracting|Mona <mona@example.com>",
      "",
      "coxswain[bot]|Change it, fixes issue 99|Mona <mona@example.com>",
    ].join("\n"),
  );
});

test("a follow-up goes on from what stands on the branch, and answers every item", async () => {
  const tip = world.commit("agent/12/add", { "note.txt": "first round\n" });
  const brief = briefFor(world, {
    purpose: "fix",
    branch: { name: "agent/12/add", exists: true },
    feedback: FEEDBACK,
  });
  const ran = await runScript(world, brief, [
    [
      { savePrompt: join(world.dir, "prompt") },
      { write: "src/add.js", text: FIXED },
      { report: { ...REPORT, answers: { rc1: "It is one now." } } },
    ],
    [{ savePrompt: join(world.dir, "second") }, { report: { answers: { cr7: "It gives 3." } } }],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "pushed", title: REPORT.title });
  expect(answersOf(ran.lines)).toEqual({ rc1: "It is one now.", cr7: "It gives 3." });
  expect(world.git("rev-parse", "agent/12/add~1")).toBe(tip);
  expect(readFileSync(join(world.dir, "prompt"), "utf8")).toContain("expected 3, got -1");
  const second = readFileSync(join(world.dir, "second"), "utf8");
  expect(second).toContain("cr7");
  expect(second).not.toContain("rc1");
});

test("feedback that the agent leaves without an answer gets a plain sentence", async () => {
  const brief = briefFor(world, { purpose: "fix", feedback: FEEDBACK });
  const ran = await runScript(world, brief, [[{ write: "src/add.js", text: FIXED }, { say: "Done!" }]]);

  expect(ran.outcome).toMatchObject({ kind: "pushed", title: "Make add add", what: "Done!" });
  expect(Object.keys(answersOf(ran.lines))).toEqual(["rc1", "cr7"]);
  expect(answersOf(ran.lines)["rc1"]).toContain("didn't say how");
});

test("an agent that needs to know something asks, and nothing is pushed", async () => {
  const question = "Shall `add` take strings?";
  const ran = await runScript(world, briefFor(world), [[{ report: { question } }]]);

  expect(ran.outcome).toEqual({ kind: "asks", question });
  expect(world.git("branch", "--list", "agent/*")).toBe("");
});

test("setup runs before the agent, and what it leaves behind isn't committed", async () => {
  world.commit("main", { "lock.txt": "1\n", ".gitignore": "deps/\n" });
  const setup = [
    "mkdir deps && echo x > deps/x && echo generated > generated.txt",
    "echo 2 > lock.txt; echo installed",
  ];
  const ran = await runScript(
    world,
    briefFor(world, { setup, base: { branch: "main", sha: world.git("rev-parse", "main") } }),
    [[{ shell: "cat deps/x lock.txt >> src/add.js; echo more >> generated.txt" }, { report: REPORT }]],
  );

  expect(ran.outcome).toMatchObject({ kind: "pushed" });
  // What the agent touched is its own; the rest is setup's.
  expect(world.git("diff", "--name-only", "main", "agent/12/add").split("\n")).toEqual([
    "generated.txt",
    "src/add.js",
  ]);
  expect(ran.lines.some((line) => line.kind === "said" && line.text.includes("installed"))).toBe(true);
});

test("the test command's own result is reported beside the agent's word", async () => {
  const brief = briefFor(world, { test: "echo 2 tests ran; grep -q 'a + b' src/add.js" });
  const passed = await runScript(world, brief, [[{ write: "src/add.js", text: FIXED }, { report: REPORT }]]);
  expect(passed.outcome).toMatchObject({
    tested: expect.stringMatching(/^`echo .*` passed\.\n\nBy hand\.$/) as string,
  });

  const failed = await runScript(world, { ...brief, branch: { name: "agent/12/other", exists: false } }, [
    [{ write: "b.txt", text: "b" }, { report: { ...REPORT, tested: "All green!" } }],
  ]);
  expect(failed.outcome).toMatchObject({
    kind: "pushed",
    tested: expect.stringMatching(/failed \(exit code 1\): 2 tests ran\n\nAll green!$/) as string,
  });
});

test("what a person says while the agent works is its next prompt", async () => {
  world.door.note({ n: 1, kind: "message", by: "ada", text: "Use a plus sign." });
  const ran = await runScript(world, briefFor(world), [
    [{ waitMs: 500 }, { report: REPORT }],
    [{ savePrompt: join(world.dir, "prompt") }, { write: "src/add.js", text: FIXED }],
  ]);

  expect(readFileSync(join(world.dir, "prompt"), "utf8")).toContain("@ada says:\n\nUse a plus sign.");
  expect(ran.outcome).toMatchObject({ kind: "pushed", title: REPORT.title });
});

test.each(["a note", "SIGTERM"])("%s stops it: what it had is pushed", async (how) => {
  const turns = [
    [{ write: "src/add.js", text: FIXED }, { say: "Half way." }, { shell: "true" }, { hang: true as const }],
  ];
  const running = startRunner(world, briefFor(world), scripted(world, turns));
  await expect
    .poll(() => running.lines().some((line) => line.text.includes("Half way")), { timeout: 20_000 })
    .toBe(true);
  if (how === "SIGTERM") process.kill(running.pid, "SIGTERM");
  else world.door.note({ n: 1, kind: "stop" });
  const { outcome } = await running.ended;

  expect(outcome).toEqual({
    kind: "failed",
    reason: "stopped",
    say: "It was stopped; what it had is pushed.",
  });
  expect(world.git("show", "agent/12/add:src/add.js")).toBe(FIXED.trim());
});

test("the agent sees nothing of ours in its environment, but its key for the model", async () => {
  const ran = await runScript(world, briefFor(world, { setup: ["env"] }), [
    [{ shell: "env" }, { report: REPORT }],
  ]);

  const [setup, agent] = ran.lines.filter((line) => line.kind === "said").map((line) => line.text);
  expect(setup).toContain("HOME=");
  expect(setup).not.toMatch(/COXSWAIN|cxp_/);
  expect(agent).not.toMatch(/COXSWAIN/);
  expect(agent).toContain("LLM_API_KEY=cxp_a-pass");
});

test("where hosts are allowed, setup commands and the agent get the gate as their proxy, but not for the gate itself", async () => {
  const ran = await runScript(world, briefFor(world, { setup: ["env"], hosts: ["registry.example.org"] }), [
    [{ shell: "env" }, { report: REPORT }],
  ]);

  expect(ran.outcome).toMatchObject({ kind: "nothing" });
  const { host, hostname } = new URL(world.door.url);
  const seen = ran.lines.filter((line) => line.kind === "said").map((line) => line.text);
  for (const env of seen.slice(0, 2)) {
    for (const name of ["HTTPS_PROXY", "https_proxy"])
      expect(env).toContain(`${name}=http://run:cxp_a-pass@${host}\n`);
    for (const name of ["NO_PROXY", "no_proxy"]) expect(env).toContain(`${name}=${hostname},localhost,`);
    expect(env).not.toMatch(/^HTTP_PROXY|COXSWAIN/m);
  }
});
