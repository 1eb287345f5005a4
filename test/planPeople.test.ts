import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { AT_ONCE, isApproved } from "./steps.ts";

scenario("a task that a person merges early is merged, and the plan goes on", async (world) => {
  const { issue, pullOf, crew, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await pullOf("login").isReviewed({ event: "REQUEST_CHANGES", body: "Hm." }, { by: people.admin });
  expect(crew.atWork()).toEqual(["login"]);
  await pullOf("login").isMerged({ by: people.maintainer });
  expect(crew.atWork(), "who worked on it ends; what waited starts").toEqual(["docs"]);
  expect(issue.plan.text()).toMatch(/- \[x\] \*\*login\*\*/);
});

scenario("a task's pull request that a person closed waits for a word of theirs", async (world) => {
  const { issue, pullOf, crew, ciOf, bot, people } = world;
  await isApproved(world, { login: [], logout: [], docs: ["login"] });
  await crew.finishes("login");
  await pullOf("login").isClosed({ by: people.maintainer });
  expect(issue.phase(), "the other task goes on").toBe("working");
  expect(crew.atWork()).toEqual(["logout"]);
  await crew.finishes("logout");
  await ciOf("logout").passes("test");
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona \*\*login\*\*: #2 was closed\. Reopen it, and I go on with it/);
  await pullOf("login").isReopened({ by: people.maintainer });
  await ciOf("login").passes("test");
  expect(pullOf("login").now().state).toBe("merged");
  expect(crew.atWork()).toEqual(["docs"]);
});

scenario("what a person pushes to a task's branch is merged with it", async (world) => {
  const { pullOf, crew, ciOf, bot, people, repository } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await pullOf("login").getsPush({ "why.md": "Because.\n" }, { by: people.maintainer });
  await ciOf("login").fails("test", { summary: "It fails." });
  expect(crew.brief("login").branch.exists).toBe(true);
  await crew.finishes("login", { answers: { fails: "Mended." } });
  bot.says("Mended.");
  await ciOf("login").passes("test");
  expect(pullOf("login").now().state).toBe("merged");
  expect(await repository.file("why.md", "agent/1/root")).toBe("Because.\n");
});

scenario(
  "an issue that is unlabelled in the middle goes on from what stands",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, planner, crew, people } = world;
    await isApproved(world, { login: [], logout: [], docs: ["login"] });
    await crew.finishes("login");
    expect(crew.atWork()).toEqual(["logout", "docs"]);
    await issue.isUnlabelled("agent", { by: people.maintainer });
    expect(crew.atWork()).toEqual([]);
    expect(issue.phase()).toBe("stopped");
    await issue.isLabelled("agent", { by: people.maintainer });
    expect(planner.asked, "the plan stands").toHaveLength(1);
    expect(crew.atWork()).toEqual(["logout", "docs"]);
    expect(pullOf("login").now().state).toBe("merged");
  },
);

scenario("a closed root pull request stops the work", { settings: AT_ONCE }, async (world) => {
  const { issue, pullOf, crew, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await crew.finishes("login");
  await pullOf("root").isClosed({ by: people.maintainer });
  expect(issue.phase()).toBe("stopped");
  expect(crew.atWork()).toEqual([]);
  await pullOf("root").isReopened({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["docs"]);
});

scenario(
  "a task whose pull request was closed begins anew with a retry",
  { settings: "grace: 1h\n" },
  async (world) => {
    const { issue, pullOf, crew, ciOf, bot, people, repository } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await crew.finishes("login", { changes: { "login.md": "Wrong.\n" } });
    const first = pullOf("login").now().number;
    await pullOf("login").isClosed({ by: people.maintainer });
    expect(issue.phase()).toBe("blocked");
    bot.says(/@mona \*\*login\*\*: #2 was closed/);
    await issue.getsComment("/agent retry login", { by: people.maintainer });
    expect(crew.brief("login").branch.exists, "what was pushed stays").toBe(true);
    await crew.finishes("login", { changes: { "login.md": "Right.\n" } });
    expect(pullOf("login").now().number).toBeGreaterThan(first);
    await ciOf("login").passes("test");
    expect(await repository.file("login.md", "agent/1/root")).toBe("Right.\n");
    expect(crew.atWork()).toEqual(["docs"]);
  },
);
