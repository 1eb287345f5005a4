import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { becomesReady } from "./steps.ts";

scenario("a labelled issue becomes a merged pull request", async (world) => {
  const { issue, pull, planner, crew, bot, ci, people, repository } = world;
  planner.judgesSimple({ title: "Read all digits" });
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("working");
  expect(crew.atWork()).toEqual(["digits"]);
  expect(crew.brief()).toMatchObject({
    purpose: "implement",
    issue: { title: "10m is read as 0", body: "It should be 600 seconds." },
    branch: { name: "agent/1/digits", exists: false },
    coAuthor: { name: "mona" },
  });

  await crew.finishes("digits", {
    changes: { "src/duration.js": "export const parse = (text) => Number.parseInt(text) * 60;\n" },
    title: "Read all digits of an amount",
    what: "The pattern took one digit.",
    why: "Amounts have several.",
    tested: "`npm test`",
  });
  expect(pull.now()).toMatchObject({
    title: "Read all digits of an amount",
    state: "open",
    base: "main",
    draft: false,
    head: { branch: "agent/1/digits" },
  });
  expect(pull.now().body).toMatch(/What[^]*one digit[^]*Why[^]*several[^]*tested[^]*npm test[^]*Closes #1/);

  await ci.starts("test");
  expect(issue.phase()).toBe("working");
  await ci.passes("test");
  expect(issue.phase()).toBe("in review");
  expect(pull.now().reviewers).toEqual(["mona"]);

  await pull.isMerged({ by: people.maintainer });
  expect(issue.phase()).toBe("done");
  expect(issue.isOpen()).toBe(false);
  expect(await repository.branches()).toEqual(["main"]);
  expect(await repository.file("src/duration.js", "main")).toContain("parseInt");
  expect(bot.status()).toContain(`#${pull.now().number} is merged`);
});

scenario("a reopened issue is worked on anew, on a branch of its own", async (world) => {
  const { issue, pull, crew, people, repository } = world;
  await becomesReady(world);
  await pull.isMerged({ by: people.maintainer });
  const first = pull.now().number;
  await issue.isReopened({ by: people.maintainer });
  expect(issue.phase()).toBe("working");
  expect(crew.brief().branch).toEqual({ name: "agent/1-2/digits", exists: false });
  await crew.finishes("digits", { changes: { "src/duration.js": "export const parse = () => 0;\n" } });
  expect(pull.now().number).toBeGreaterThan(first);
  expect(await repository.branches()).toEqual(["agent/1-2/digits", "main"]);
});

scenario(
  "a branch that GitHub deletes by itself after the merge is no trouble",
  { deleteBranchOnMerge: true },
  async (world) => {
    await becomesReady(world);
    await world.pull.isMerged({ by: world.people.maintainer });
    expect(world.issue.phase()).toBe("done");
    expect(await world.repository.branches()).toEqual(["main"]);
  },
);
