import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { AT_ONCE, isApproved } from "./steps.ts";

scenario("a task's pull request without checks is merged after the grace time", async (world) => {
  const { pullOf, crew, clock } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await clock.passes("60s");
  expect(pullOf("login").now().state).toBe("open");
  await clock.passes("70s");
  expect(pullOf("login").now().state).toBe("merged");
  expect(crew.atWork()).toEqual(["docs"]);
});

scenario(
  "where no check runs for a task's pull request, the agent's own side runs the tests",
  { settings: "test: node --test\ngrace: 2m\n" },
  async (world) => {
    const { pullOf, crew, ciOf, clock } = world;
    await isApproved(world, { login: [], docs: ["login"], tour: ["docs"] });
    expect(crew.brief("login")).toMatchObject({ test: "node --test", verify: true });
    await crew.finishes("login");
    await clock.passes("3m");
    expect(crew.brief("docs").verify, "no check came").toBe(true);
    await crew.finishes("docs");
    await ciOf("docs").passes("test");
    expect(pullOf("docs").now().state).toBe("merged");
    expect(crew.brief("tour").verify, "checks come").toBe(false);
  },
);

scenario("a failed check of a task's pull request is mended by its agent", async (world) => {
  const { pullOf, crew, ciOf, bot } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await ciOf("login").fails("test", { summary: "Nobody can log in." });
  expect(pullOf("login").now().state).toBe("open");
  expect(crew.brief("login")).toMatchObject({ purpose: "fix", feedback: [{ kind: "check", by: "test" }] });
  await crew.finishes("login", { answers: { "log in": "Mended." } });
  bot.says("Mended.", { on: pullOf("login").now().number });
  await ciOf("login").passes("test");
  expect(pullOf("login").now().state).toBe("merged");
});

scenario("an open thread holds a task's pull request back", async (world) => {
  const { pullOf, crew, ciOf, bot, clock, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login", { changes: { "login.md": "In.\n" } });
  const pull = pullOf("login");
  const thread = await pull.getsLineComment(
    { path: "login.md", line: 1, body: "Why?" },
    { by: people.maintainer },
  );
  await ciOf("login").passes("test");
  expect(pull.now().state).toBe("open");
  await clock.passes("70s");
  await crew.finishes("login", { answers: { "Why?": "So." } });
  bot.says("So.", { on: pull.now().number, to: "Why?" });
  await ciOf("login").passes("test");
  expect(pull.now().state, "the thread is answered, not resolved").toBe("open");
  expect(bot.status()).toMatch(/\*\*login\*\*[^\n]*a thread or a review of it is open/);
  await pull.getsResolved(thread, { by: people.maintainer });
  expect(pull.now().state).toBe("merged");
});

scenario("changes that were asked for hold a task's pull request back", async (world) => {
  const { issue, pullOf, crew, bot, people, ciOf } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  const pull = pullOf("login");
  await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
  await crew.finishes("login", { answers: { Shorter: "Shorter." } });
  bot.says("> Shorter!\n\nShorter.", { on: pull.now().number });
  await ciOf("login").passes("test");
  expect(pull.now().state).toBe("open");
  expect(issue.phase()).toBe("in review");
  await pull.isReviewed({ event: "APPROVE" }, { by: people.maintainer });
  expect(pull.now().state).toBe("merged");
});

scenario(
  "a task that conflicts with what was merged before it is resolved by an agent",
  { settings: AT_ONCE },
  async (world) => {
    const { pullOf, crew, repository } = world;
    await isApproved(world, { login: [], logout: [], docs: ["login", "logout"] });
    await crew.finishes("login", { changes: { "src/duration.js": "// in\n" } });
    expect(pullOf("login").now().state).toBe("merged");
    await crew.finishes("logout", { changes: { "src/duration.js": "// out\n" } });
    expect(crew.brief("logout")).toMatchObject({
      purpose: "resolve",
      base: { branch: "agent/1/root" },
      branch: { name: "agent/1/logout", exists: true },
    });
    await crew.finishes("logout", { changes: { "src/duration.js": "// in and out\n" } });
    expect(pullOf("logout").now().state).toBe("merged");
    expect(await repository.file("src/duration.js", "agent/1/root")).toBe("// in and out\n");
    expect(crew.atWork()).toEqual(["docs"]);
  },
);

scenario("a merge that GitHub refuses for a moment is tried again", { settings: AT_ONCE }, async (world) => {
  const { pullOf, crew, clock, stage } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  const merge = /^PUT .*\/pulls\/\d+\/merge$/;
  stage.refuses(merge, {
    status: 405,
    message: "Base branch was modified. Review and try the merge again.",
    times: 1,
  });
  stage.refuses(merge, { status: 409, message: "Head branch was modified.", times: 1 });
  await crew.finishes("login");
  await clock.passes("30s");
  expect(pullOf("login").now().state).toBe("merged");
  expect(crew.atWork()).toEqual(["docs"]);
});

scenario(
  "a merge that a rule of the repository forbids waits for a person",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, bot, clock, people, stage } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    stage.protects("agent/1/root", { requiredApprovals: 1 });
    await crew.finishes("login");
    await clock.passes("1m");
    expect(issue.phase()).toBe("blocked");
    bot.says(/@mona \*\*login\*\*: GitHub refuses the merge:[^]*> At least 1 approving review is required/);
    await pullOf("login").isReviewed({ event: "APPROVE" }, { by: people.maintainer });
    await issue.getsComment("/agent retry login", { by: people.maintainer });
    expect(pullOf("login").now().state).toBe("merged");
    expect(crew.atWork()).toEqual(["docs"]);
  },
);
