import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { checkPlan, waves } from "../../../app/plan/check.ts";
import { PLAYS } from "../plays.ts";
import { script } from "./script.ts";
import { EDIT, ISSUE, PLAN } from "./words.ts";

const env = { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` };

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "coxswain-plan-"));
  await cp(PLAYS.plan.sample, tree, { recursive: true });
});
afterEach(() => rm(tree, { recursive: true }));

/** What the command printed, and whether it ended well. */
async function sh(command: string): Promise<{ passed: boolean; printed: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], { cwd: tree, env });
    return { passed: true, printed: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { passed: false, printed: stdout + stderr };
  }
}

/** Lets the model work in the tree until it reports; returns what it says. */
async function works(prompt: string): Promise<string> {
  for (const results: string[] = []; ;) {
    const reply = script({ by: "agent", prompt, results });
    if ("content" in reply) return reply.content;
    const { command } = JSON.parse(reply.toolCalls[0]!.arguments) as { command: string };
    results.push((await sh(command)).printed);
  }
}

/** A brief of that task, as the maintainer edited it. */
function brief(id: string): string {
  const { title, body } = PLAN.tasks.find((task) => task.id === id)!;
  const [said, told] = [
    title.replace(EDIT.title.from, EDIT.title.to),
    body.replace(EDIT.body.from, EDIT.body.to),
  ];
  return `## The issue\n\n#1: ${ISSUE.title}\n\n## Your task\n\n${said}\n\n${told}\n\n## How to work\n\n- Well.`;
}

describe("the plan", () => {
  test("is valid, and five tasks in three waves", () => {
    expect(checkPlan(PLAN)).toEqual([]);
    expect(waves(PLAN)).toEqual([["print-durations", "teas"], ["brew-card", "timetable"], ["command"]]);
  });

  test("is answered to who asks for it, once the library was seen", () => {
    const asked = (prompt: string, results: string[]) => script({ by: "planner", prompt, results });
    expect(asked(ISSUE.body, [])).toMatchObject({ toolCalls: [{ name: "read" }] });
    expect(asked(ISSUE.body, ["export { parseDuration }"])).toMatchObject({
      toolCalls: [{ name: "answer" }],
    });
    expect(asked(ISSUE.title, [])).toMatchObject({ content: expect.any(String) });
    expect(asked(ISSUE.body, ["Not found"])).toMatchObject({ content: expect.any(String) });
  });
});

describe("the agent", () => {
  test("fails the first task once, and does all of them after that", async () => {
    await works(brief("print-durations"));
    const failed = await sh("node --test");
    expect(failed).toMatchObject({ passed: false, printed: expect.stringContaining("1h5m0s") });
    const words = "Before your work is pushed, the repository's tests were run, and failed";
    expect(await works(`${words}: ${failed.printed}`)).toContain("I don't see which of them is right");

    for (const { id } of PLAN.tasks) {
      await works(brief(id));
      expect(await sh("node --test && npm run -s exports")).toMatchObject({ passed: true });
    }
    expect(await sh("node bin/teatime.js card green")).toMatchObject({ printed: "green: 2m at 75 °C\n" });
  });

  test("keeps both sides of a conflict", async () => {
    await works(brief("teas"));
    const index = join(tree, "src/index.js");
    const [duration, teas] = (await readFile(index, "utf8")).split("\n");
    const ours = 'export { parseDuration as read } from "./duration.js";';
    await writeFile(index, `${duration}\n<<<<<<< HEAD\n${ours}\n=======\n${teas}\n>>>>>>> origin/root\n`);
    const words =
      "A merge of `root` into this branch is under way and has conflicts in:\n\n- src/index.js\n\nResolve them.";
    expect(await works(words)).toContain("Keep the exports of both sides");
    expect(await readFile(index, "utf8")).toBe(`${ours}\n${duration}\n${teas}\n`);
  });

  test.each([
    ["a task that the maintainer didn't edit", brief("teas").replace(EDIT.title.to, EDIT.title.from)],
    ["a task whose prerequisites aren't there", brief("brew-card")],
    ["no task", "## The issue\n\nTea."],
    [
      "tests without what they printed",
      "Before your work is pushed, the repository's tests were run, and failed",
    ],
    [
      "a conflict without its file",
      "A merge of `root` into this branch is under way and has conflicts in:\n",
    ],
    [
      "a conflict that isn't in the file",
      "A merge of `root` into this branch is under way and has conflicts in:\n\n- src/index.js\n",
    ],
  ])("changes nothing for %s", async (_, prompt) => {
    expect(await works(prompt)).toContain('"title": "Nothing"');
    const { printed } = await sh(`diff -r . ${PLAYS.plan.sample}`);
    expect(printed).toBe("");
  });
});
