import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import type { World } from "./harness/scenario.ts";
import { AT_ONCE, isApproved } from "./steps.ts";

/** Both tasks of a plan are merged, and the root pull request is ready. */
async function becomesReadyRoot(world: World): Promise<void> {
  const { crew, bot, pullOf } = world;
  await isApproved(world, { login: [], logout: [] });
  await crew.finishes("login", { changes: { "src/duration.js": "// in\n" } });
  await crew.finishes("logout", { changes: { "logout.md": "Out.\n" } });
  bot.says("No check has started", { on: pullOf("root").now().number });
}

scenario(
  "a review of the root pull request is answered on the root branch",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, bot, people, repository } = world;
    await becomesReadyRoot(world);
    const root = pullOf("root");
    expect(root.now()).toMatchObject({ draft: false, base: "main", reviewers: ["mona"] });
    await root.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
    expect(issue.phase()).toBe("working");
    expect(crew.brief("root")).toMatchObject({
      purpose: "fix",
      branch: { name: "agent/1/root", exists: true },
      base: { branch: "main" },
      feedback: [{ kind: "review", text: "Shorter!" }],
    });
    await crew.finishes("root", { changes: { "logout.md": "O.\n" }, answers: { Shorter: "Shorter." } });
    bot.says("> Shorter!\n\nShorter.", { on: root.now().number });
    expect(issue.phase()).toBe("in review");
    await root.isMerged({ by: people.maintainer });
    expect(issue.phase()).toBe("done");
    expect(await repository.branches()).toEqual(["main"]);
    expect(await repository.file("logout.md", "main")).toBe("O.\n");
  },
);

scenario(
  "a base branch that moved and conflicts with the root branch is merged into it",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, people, repository } = world;
    await becomesReadyRoot(world);
    await repository.getsPush({ "other.md": "No conflict.\n" }, { by: people.maintainer });
    expect(crew.atWork()).toEqual([]);
    await repository.getsPush({ "src/duration.js": "// theirs\n" }, { by: people.maintainer });
    expect(crew.brief("root")).toMatchObject({
      purpose: "resolve",
      branch: { name: "agent/1/root" },
      base: { branch: "main" },
    });
    await crew.finishes("root", { changes: { "src/duration.js": "// theirs, in\n" } });
    expect(issue.phase()).toBe("in review");
    await pullOf("root").isMerged({ by: people.maintainer });
    expect(await repository.file("src/duration.js", "main")).toBe("// theirs, in\n");
  },
);

scenario(
  "a conflict with the base branch is resolved while tasks go on",
  { settings: AT_ONCE },
  async (world) => {
    const { pullOf, crew, people, repository } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await crew.finishes("login", { changes: { "src/duration.js": "// in\n" } });
    await repository.getsPush({ "src/duration.js": "// theirs\n" }, { by: people.maintainer });
    expect(crew.atWork().toSorted()).toEqual(["docs", "root"]);
    await crew.finishes("docs", { changes: { "docs.md": "10m\n" } });
    expect(pullOf("docs").now().state, "it waits for the root branch").toBe("open");
    await crew.finishes("root", { changes: { "src/duration.js": "// theirs, in\n" } });
    expect(pullOf("docs").now().state).toBe("merged");
    expect(await repository.file("src/duration.js", "agent/1/root")).toBe("// theirs, in\n");
    world.bot.says("No check has started", { on: pullOf("root").now().number });
  },
);

scenario("checks of the root pull request count once all of it is there", async (world) => {
  const { issue, pullOf, crew, ciOf, bot } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await ciOf("login").passes("test");
  await ciOf("root").fails("test", { summary: "Half of it is missing." });
  expect(crew.atWork()).toEqual(["docs"]);
  await crew.finishes("docs");
  await ciOf("docs").passes("test");
  expect(pullOf("root").now().draft).toBe(true);
  await ciOf("root").fails("test", { summary: "It is wrong." });
  expect(crew.brief("root")).toMatchObject({ purpose: "fix", feedback: [{ kind: "check" }] });
  await crew.finishes("root", { answers: { wrong: "Mended." } });
  bot.says("Mended.", { on: pullOf("root").now().number });
  await ciOf("root").passes("test");
  expect(issue.phase()).toBe("in review");
  expect(pullOf("root").now().draft).toBe(false);
});

scenario(
  "branches that GitHub deletes by itself after a merge are no trouble",
  { settings: AT_ONCE, deleteBranchOnMerge: true },
  async (world) => {
    const { issue, pullOf, people, repository } = world;
    await becomesReadyRoot(world);
    expect(await repository.branches()).toEqual(["agent/1/root", "main"]);
    await pullOf("root").isMerged({ by: people.maintainer });
    expect(issue.phase()).toBe("done");
    expect(await repository.branches()).toEqual(["main"]);
  },
);

scenario(
  "where there are no drafts, the title says what the root pull request is",
  { settings: AT_ONCE, drafts: false },
  async (world) => {
    const { issue, pullOf, crew, bot } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await crew.finishes("login");
    expect(pullOf("root").now().title).toBe("[Work in progress] 10m is read as 0");
    await crew.finishes("docs");
    bot.says("No check has started", { on: pullOf("root").now().number });
    expect(pullOf("root").now().title).toBe("10m is read as 0");
    expect(issue.phase()).toBe("in review");
  },
);

scenario("a root pull request that is merged early is the end", { settings: AT_ONCE }, async (world) => {
  const { issue, pullOf, crew, people, repository } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await pullOf("root").isReady({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["docs"]);
  await pullOf("root").isMerged({ by: people.maintainer });
  expect(issue.phase()).toBe("done");
  expect(crew.atWork()).toEqual([]);
  expect(await repository.branches()).toEqual(["main"]);
});
