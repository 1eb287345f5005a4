import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { becomesPull } from "./steps.ts";

scenario("an agent mends a failed check, told what it said", async (world) => {
  const { issue, pull, crew, ci, bot } = world;
  await becomesPull(world);
  await ci.starts("lint");
  await ci.fails("test", {
    summary: "1 of 3 tests failed.",
    annotations: [{ path: "src/duration.js", line: 2, message: "expected 600, got 0" }],
    log: "2026-11-21T12:00:00.0000000Z npm test\n2026-11-21T12:00:01.0000000Z not ok 1 - reads minutes\n",
  });
  expect(crew.atWork(), "another check runs still").toEqual([]);
  await ci.passes("lint");
  expect(crew.brief()).toMatchObject({ purpose: "fix", branch: { name: "agent/1/digits", exists: true } });
  const [check, ...others] = crew.brief().feedback;
  expect(others).toEqual([]);
  expect(check).toMatchObject({ kind: "check", by: "test" });
  expect(check?.text).toContain("1 of 3 tests failed.");
  expect(check?.text).toContain("src/duration.js:2: expected 600, got 0");
  expect(check?.text).toContain("npm test\nnot ok 1 - reads minutes");

  await crew.finishes("digits", { answers: { test: "The parser dropped the digits; it doesn't now." } });
  bot.says("**`test`**: The parser dropped the digits", { on: pull.now().number });
  expect(issue.phase()).toBe("working");
  await ci.passes("test");
  expect(issue.phase()).toBe("in review");
});

scenario("an agent mends a failed commit status", async (world) => {
  const { pull, crew, ci, bot, issue } = world;
  await becomesPull(world);
  await ci.says("legacy/build", "pending", "Building");
  await ci.says("legacy/build", "failure", "Build 7 broke: no digits");
  expect(crew.brief().feedback).toMatchObject([
    { kind: "status", by: "legacy/build", text: "Build 7 broke: no digits" },
  ]);
  await crew.finishes("digits", { answers: { "Build 7": "Build 8 has them." } });
  bot.says("**`legacy/build`**: Build 8 has them.", { on: pull.now().number });
  await ci.says("legacy/build", "success", "Build 8");
  expect(issue.phase()).toBe("in review");
});

scenario("a check that the agent can't mend waits for a person", async (world) => {
  const { pull, crew, ci, bot, issue, people } = world;
  await becomesPull(world);
  await ci.fails("test");
  await crew.endsWithoutChange("digits", "The test is wrong.", { answers: { test: "The test is wrong." } });
  expect(issue.phase()).toBe("blocked");
  bot.says("The test is wrong.", { on: pull.now().number });
  bot.says(/@mona `test` still fails/, { on: issue.number });
  await pull.getsPush({ "test/duration.js": "// right\n" }, { by: people.maintainer });
  await ci.passes("test");
  expect(issue.phase()).toBe("in review");
});

scenario("a commit without any check is ready after a while", async (world) => {
  const { issue, pull, clock, bot } = world;
  await becomesPull(world);
  await clock.passes("90s");
  expect(issue.phase()).toBe("working");
  await clock.passes("40s");
  expect(issue.phase()).toBe("in review");
  bot.says("No check has started on this commit", { on: pull.now().number });
});

scenario("a check that comes late is waited for, though the grace time is over", async (world) => {
  const { issue, clock, ci, bot } = world;
  await becomesPull(world);
  await clock.passes("2m");
  bot.says("No check has started");
  expect(issue.phase()).toBe("in review");
  await ci.fails("slow");
  expect(issue.phase()).toBe("working");
  expect(world.crew.brief().feedback).toMatchObject([{ by: "slow" }]);
});
