import { afterEach, beforeEach, expect, test } from "vitest";

import type { Clone } from "./testing/clone.ts";
import { push, pushing, saidIn } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

const ROOT = "agent/12/root";
const WORKFLOW = ".github/workflows/ci.yml";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ "src/add.js": "a - b\n", [WORKFLOW]: "on: push\n" });
  stage.lease.git.base = `refs/heads/${ROOT}`;
  stage.lease.git.known = ["refs/heads/main", `refs/heads/${ROOT}`];
  await stage.person.git("push", "--quiet", "origin", `HEAD:${ROOT}`);
});
afterEach(() => stage.close());

/** Commits to `branch` on GitHub as a person, or a merge there, does. */
async function commitTo(branch: string, message: string, files: Record<string, string>): Promise<void> {
  const { person } = stage;
  await person.git("fetch", "--quiet", "origin");
  await person.git("checkout", "--quiet", "--detach", `origin/${branch}`);
  await person.commit(message, files);
  await person.git("push", "--quiet", "origin", `HEAD:${branch}`);
}

/** The root branch is brought up to date with `main`. */
async function rootTakesMain(): Promise<void> {
  const { person } = stage;
  await person.git("fetch", "--quiet", "origin");
  await person.git("checkout", "--quiet", "--detach", `origin/${ROOT}`);
  await person.git("merge", "--quiet", "--no-edit", "origin/main");
  await person.git("push", "--quiet", "origin", `HEAD:${ROOT}`);
}

/** An agent's clone as the runner makes it, with a task's first commit pushed. */
async function agentWithWork(): Promise<Clone> {
  const agent = await stage.agent("--filter=blob:limit=1m", "--single-branch", "--branch", ROOT);
  await agent.commit("Mend add", { "src/add.js": "a + b\n" });
  expect(await pushing(agent, stage)).toBe("pushed");
  return agent;
}

test("a merge of the root branch is judged by that branch: what other tasks and main brought there is no change", async () => {
  const agent = await agentWithWork();
  await commitTo(ROOT, "Another task, closes #99 [skip ci]", { "src/add.js": "b + a\n", "other.js": "1\n" });
  await commitTo("main", "Change CI", { [WORKFLOW]: "on: pull_request\n" });
  await rootTakesMain();

  await agent.git("fetch", "--quiet", "origin");
  expect((await agent.attempt("merge", "--quiet", `origin/${ROOT}`)).code).not.toBe(0);
  await agent.commit("Resolve the conflict", { "src/add.js": "a + b // or b + a\n" });
  // Both move on once more before the merge is pushed.
  await commitTo("main", "Change CI again", { [WORKFLOW]: "on: [push]\n" });
  await rootTakesMain();
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a merge of the root branch can't carry a workflow that isn't there", async () => {
  const agent = await agentWithWork();
  await commitTo(ROOT, "Another task", { "other.js": "1\n" });
  await agent.git("fetch", "--quiet", "origin");
  await agent.git("merge", "--quiet", "--no-commit", `origin/${ROOT}`);
  await agent.commit("Merge", { [WORKFLOW]: "on: [push, pull_request]\n" });
  expect(saidIn(await push(agent)).paths).toEqual([[WORKFLOW]]);
});

test("without the root branch on GitHub nothing can be judged, and the push is refused in a sentence", async () => {
  const agent = await agentWithWork();
  await agent.commit("More", { "more.js": "1\n" });
  await stage.person.git("push", "--quiet", "origin", `:${ROOT}`);
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(stage.told.at(-1)).toMatchObject({
    verdict: "refused",
    why: expect.stringContaining(`There is no refs/heads/${ROOT} on GitHub`) as string,
  });
});
