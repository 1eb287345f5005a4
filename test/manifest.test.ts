import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { tell } from "./harness/scenario.ts";
import type { Story } from "./harness/scenario.ts";

/**
 * What the app does that needs each line of app.yml. The sweep is held still, as in every scenario: what an event doesn't
 * ring, nobody looks at.
 */
const story: Story = async ({ issue, pull, planner, crew, bot, ci, people, repository }) => {
  planner.judgesSimple({ title: "Read all digits" });
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.finishes("digits", { changes: { "src/duration.js": "one\n" } });

  await ci.fails("test", { summary: "It failed.", log: "not ok 1 - reads minutes\n" });
  expect(crew.brief().feedback[0]?.text).toContain("not ok 1");
  await crew.finishes("digits", { changes: { "src/duration.js": "two\n" }, answers: {} });
  bot.says("`test`");

  await ci.says("legacy/build", "failure", "Build 7 broke");
  expect(crew.brief().feedback[0]?.text).toContain("Build 7 broke");
  await crew.finishes("digits", { changes: { "src/duration.js": "three\n" }, answers: {} });
  bot.says("`legacy/build`");

  await pull.isReviewed({ event: "COMMENT", body: "Say why." }, { by: people.maintainer });
  expect(crew.brief().feedback[0]?.text).toBe("Say why.");
  await crew.finishes("digits", { changes: { "src/duration.js": "four\n" }, answers: {} });
  bot.says("Say why.");

  await issue.getsComment("/agent status", { by: people.maintainer });
  bot.says("Tokens:");

  await repository.getsPush({ "src/duration.js": "other\n" }, { by: people.maintainer });
  expect(crew.brief().purpose).toBe("resolve");
  await crew.finishes("digits", { changes: {} });

  await pull.isClosed({ by: people.maintainer });
  expect(issue.phase()).toBe("stopped");
};

/** The event that only the pull requests of tasks need: they are merged when no thread is open. */
const THREADS = "pull_request_review_thread";
const threads: Story = async ({ issue, pullOf, planner, crew, bot, ciOf, people }) => {
  planner.plans({ parser: [], printer: ["parser"] });
  await issue.isLabelled("agent", { by: people.maintainer });
  bot.says("Here is my plan");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  await crew.finishes("parser", { changes: { "parser.md": "Hours are read.\n" } });
  const line = { path: "parser.md", line: 1, body: "All of them?" };
  const comment = await pullOf("parser").getsLineComment(line, { by: people.maintainer });
  await ciOf("parser").passes("test");
  expect(pullOf("parser").now().state).toBe("open");
  await pullOf("parser").getsResolved(comment, { by: people.maintainer });
  expect(pullOf("parser").now().state).toBe("merged");
  await issue.isUnlabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("stopped");
};

interface Manifest {
  name: string;
  default_permissions: Record<string, "read" | "write">;
  default_events: string[];
}
const whole = parse(readFileSync(new URL("../app.yml", import.meta.url), "utf8")) as Manifest;
const { default_permissions: permissions, default_events: events } = whole;
const without = <T>(all: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));

it.each([story, threads])("app.yml holds what the stories need", { timeout: 120_000 }, async (told) => {
  await expect(tell({}, told)).resolves.toBeDefined();
});

describe.each(Object.keys(permissions))("without the permission %s", (name) => {
  it("the story doesn't come to its end", async () => {
    const manifest = { ...whole, default_permissions: without(permissions, name) };
    await expect(tell({ manifest }, story)).rejects.toThrow(/./);
  }, 120_000);
});

describe.each(events)("without the event %s", (name) => {
  it("the story doesn't come to its end", async () => {
    const manifest = { ...whole, default_events: events.filter((each) => each !== name) };
    await expect(tell({ manifest }, name === THREADS ? threads : story)).rejects.toThrow(/./);
  }, 120_000);
});
