import { afterEach, beforeEach, expect, test } from "vitest";

import { push, pushing, REF, TOKEN } from "./testing/push.ts";
import type { Stage } from "./testing/stage.ts";
import { BRANCH, openStage } from "./testing/stage.ts";

let stage: Stage;

beforeEach(async () => {
  const poem = Array.from({ length: 400 }, (_, n) => `line ${n} ${n * 7919}\n`).join("");
  stage = await openStage({
    "README.md": "# Demo\n",
    "src/add.js": "export const add = (a, b) => a - b;\n",
    ".github/workflows/ci.yml": "on: push\n",
    "config/old.env": `KEY=${TOKEN}\nNAME=demo\n`,
    "poem.txt": poem,
    "deep/er/file.txt": poem,
  });
});

afterEach(() => stage.close());

test("the first push makes the branch, a second one moves it on", async () => {
  const agent = await stage.agent();
  await agent.commit("Mend add\n\nFixes #12", { "src/add.js": "export const add = (a, b) => a + b;\n" });
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.commit("Closes octo/demo#12; resolves GH-12", { "test/add.js": "test\n" });
  expect(await pushing(agent, stage)).toBe("pushed");
  expect(stage.told.at(-1)).toMatchObject({ verdict: "passed", target: `octo/demo ${REF}` });
  expect(stage.told.at(-1)?.bytes).toBeGreaterThan(100);
});

test("a base commit alone can be pushed as a new branch", async () => {
  expect(await pushing(await stage.agent(), stage)).toBe("pushed");
});

test.each([
  ["shallow", ["--depth=1"]],
  ["without files", ["--filter=blob:none"]],
  ["as the runner makes it", ["--filter=blob:limit=1m", "--single-branch", "--branch", "main"]],
])("a clone %s can push a small change of a large file", async (_, options) => {
  for (let n = 0; n < 5; n += 1) await stage.person.commit(`More ${n}`, { [`more/${n}.txt`]: `${n}\n` });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent(...options);
  const poem = await agent.git("show", "HEAD:poem.txt");
  await agent.commit("Change a line", { "poem.txt": `${poem.replace("line 200", "LINE 200")}\n` });
  expect(await pushing(agent, stage)).toBe("pushed");
  await agent.commit("Change another", { "deep/er/file.txt": `${poem.replace("line 20", "LINE 20")}\n` });
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a file may go back to what it was long ago", async () => {
  const old = "export const add = (a, b) => a - b;\n";
  await stage.person.commit("Break it", { "src/add.js": "broken\n", "poem.txt": null });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent();
  await agent.git("checkout", "--quiet", "HEAD~1", "--", "src/add.js", "poem.txt");
  await agent.commit("Go back", {});
  expect(await pushing(agent, stage)).toBe("pushed");
  await stage.person.git("fetch", "--quiet", "origin");
  expect(await stage.person.git("show", `origin/${BRANCH}:src/add.js`)).toBe(old.trim());
});

test("merging a base that changed a workflow is no change", async () => {
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  await stage.person.commit("Change CI [skip ci]", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.git("fetch", "--quiet", "origin");
  await agent.git("merge", "--quiet", "--no-edit", "origin/main");
  // The base moves on once more before the merge is pushed.
  await stage.person.commit("Change CI again", { ".github/workflows/ci.yml": "on: [push]\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a branch made from an older base may be pushed after a workflow changed there", async () => {
  const agent = await stage.agent();
  await stage.person.commit("Change CI", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a merge can't bring back a workflow that the base has left behind", async () => {
  const first = await stage.person.git("rev-parse", "HEAD");
  await stage.person.commit("Change CI", { ".github/workflows/ci.yml": "on: pull_request\n" });
  await stage.person.git("push", "--quiet", "origin", "main");
  const agent = await stage.agent();
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
  const tree = await agent.git("rev-parse", `${first}^{tree}`);
  const evil = await agent.git("commit-tree", tree, "-p", "HEAD", "-p", first, "-m", "Merge");
  await agent.git("reset", "--quiet", "--hard", evil);
  const end = await push(agent);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain(".github/workflows/ci.yml");
});

test("what was there before isn't this run's secret", async () => {
  const agent = await stage.agent();
  await agent.commit("Rename the demo", { "config/old.env": `NAME=other\nKEY=${TOKEN}\n` });
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a binary file is taken as it is", async () => {
  const agent = await stage.agent();
  await agent.commit("Add a picture", { "a.bin": `\0\0\0${TOKEN}` });
  expect(await pushing(agent, stage)).toBe("pushed");
});

test("a person's commits on the branch aren't judged", async () => {
  const agent = await stage.agent();
  await stage.person.git("checkout", "--quiet", "-b", "theirs");
  await stage.person.commit("Change CI [skip ci], closes #99", {
    ".github/workflows/ci.yml": "on: [push]\n",
  });
  await stage.person.git("push", "--quiet", "origin", `HEAD:${REF}`);
  await agent.git("fetch", "--quiet", "origin", REF);
  await agent.git("reset", "--quiet", "--hard", "FETCH_HEAD");
  await agent.commit("Work", { a: "a" });
  expect(await pushing(agent, stage)).toBe("pushed");
});
