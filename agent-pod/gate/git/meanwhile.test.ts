import { afterEach, beforeEach, expect, test } from "vitest";

import { push, pushing, REF, tip } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { openStage } from "./testing/stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ a: "first" });
});

afterEach(() => stage.close());

async function personPushes(): Promise<string> {
  await stage.person.git("fetch", "--quiet", "origin", REF);
  await stage.person.git("checkout", "--quiet", "--detach", "FETCH_HEAD");
  const sha = await stage.person.commit("Meanwhile", { "meanwhile.txt": "hello\n" });
  await stage.person.git("push", "--quiet", "origin", `HEAD:${REF}`);
  return sha;
}

test("what a person pushed meanwhile is an ordinary rejection, and can be merged", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  const theirs = await personPushes();
  await agent.commit("More work", { a: "b" });
  const end = await push(agent);
  expect(end.stdout + end.stderr).toMatch(/\(fetch first\)|non-fast-forward/);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(await tip(stage)).toBe(theirs);
  await agent.git("fetch", "--quiet", "origin", REF);
  await agent.git("merge", "--quiet", "--no-edit", "FETCH_HEAD");
  expect(await pushing(agent, stage)).toBe("pushed");
});

test.each([
  // The second time that the gate asks where the branch stands is when the push itself has come.
  ["before the gate judges", "GET /octo/demo.git/info/refs?service=git-upload-pack", 2],
  ["after the gate has judged", "GET /octo/demo.git/info/refs?service=git-receive-pack", 1],
  ["while GitHub takes the push", "POST /octo/demo.git/git-receive-pack", 1],
])("a person who pushes %s isn't overwritten", async (_, when, nth) => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.commit("More work", { a: "b" });
  let theirs = "";
  let seen = 0;
  const before = async (request: string): Promise<void> => {
    if (request === when) seen += 1;
    if (seen !== nth) return;
    stage.upstream.before = null;
    theirs = await personPushes();
  };
  stage.upstream.before = before;
  const end = await push(agent);
  expect(theirs).not.toBe("");
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toMatch(/fetch first|non-fast-forward/);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(await tip(stage)).toBe(theirs);
});

test("a branch that a person deletes while the gate judges doesn't come back", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.commit("More work", { a: "b" });
  stage.upstream.before = async (request) => {
    if (request !== "GET /octo/demo.git/info/refs?service=git-receive-pack") return;
    stage.upstream.before = null;
    await stage.person.git("push", "--quiet", "origin", `:${REF}`);
  };
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("non-fast-forward");
  expect(await tip(stage)).toBeUndefined();
});

test("nothing is pushed by force", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  const before = await tip(stage);
  await agent.git("commit", "--quiet", "--amend", "--message", "Other work");
  const end = await push(agent, `+HEAD:${REF}`);
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("non-fast-forward");
  expect(await tip(stage)).toBe(before);
});

test("the branch isn't deleted", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  const end = await push(agent, `:${REF}`);
  expect(end.code).not.toBe(0);
  expect(end.stdout + end.stderr).toContain("delete");
  expect(await tip(stage)).toBeDefined();
});

test("GitHub's own no is told in GitHub's words, without its secrets", async () => {
  stage.upstream.hook(
    "pre-receive",
    `echo "GH006: Protected branch update failed for ${stage.upstream.token}." >&2; exit 1`,
  );
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain("GH006: Protected branch update failed");
  expect(end.stderr).not.toContain(stage.upstream.token);
  expect(end.stderr).not.toContain("coxswain: refused");
  expect(JSON.stringify(stage.told)).not.toContain(stage.upstream.token);
  expect(await tip(stage)).toBeUndefined();
});

test("a run that was stopped while it was judged pushes nothing", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  await stage.endLease();
  const end = await push(agent);
  expect(end.stderr).toContain("503");
  expect(await tip(stage)).toBeUndefined();
});
