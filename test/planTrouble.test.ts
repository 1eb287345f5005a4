import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { AT_ONCE, isApproved, isPlanned } from "./steps.ts";

scenario("the questions before a plan, and their answers, go into its brief", async (world) => {
  const { issue, planner, crew, bot, people } = world;
  planner.asks("Which login?", "Which docs?", "3?", "4?", "5?", "6?");
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("asking");
  bot.says(/^@mona Before I plan this, I need to know:\n\n1\. Which login\?[^]*5\. 5\?\n\nAnswer/);
  await issue.getsComment("Mine!", { by: people.stranger });
  expect(planner.asked).toHaveLength(1);
  planner.plans({ login: [], docs: ["login"] }, "With OAuth, as you said.");
  await issue.getsComment("OAuth; the README.", { by: people.admin });
  const { body } = planner.asked.at(-1)!.issue;
  expect(body).toMatch(/Which login\?[^]*@ada: OAuth; the README\./);
  expect(body).not.toContain("Mine!");
  bot.says(/^@mona Here is my plan: 2 tasks[^]*> With OAuth, as you said\./);
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(crew.brief("login").task.body).toContain("With OAuth, as you said.");
});

scenario("a task's agent that asks holds only its own task", { settings: AT_ONCE }, async (world) => {
  const { issue, crew, bot, people } = world;
  await isApproved(world, { login: [], logout: [] });
  await crew.asks("login", "OAuth?");
  expect(crew.atWork()).toEqual(["logout"]);
  await crew.finishes("logout");
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona \*\*login\*\*: There is a question before I can go on:\n\n> OAuth\?/);
  await issue.getsComment("Yes.", { by: people.maintainer });
  expect(crew.brief("login").issue.body).toMatch(/OAuth\?[^]*@mona: Yes\./);
});

scenario(
  "a plan whose comment is deleted while it waits is posted again at a person's word",
  async (world) => {
    const { issue, crew, bot, clock, people } = world;
    await isPlanned(world, { login: [], docs: ["login"] });
    await clock.passes("2m");
    await issue.plan.isDeleted({ by: people.maintainer });
    await clock.passes("2m");
    expect(issue.phase()).toBe("blocked");
    bot.says(/@mona My plan comment was deleted while it waited for approval/);
    await issue.getsComment("/agent approve", { by: people.maintainer });
    bot.says(/./);
    expect(crew.atWork(), "nobody can have seen it").toEqual([]);
    await issue.getsComment("/agent retry", { by: people.maintainer });
    bot.says(/^@mona Here is my plan: 2 tasks/);
    await issue.plan.getsThumbsUp({ by: people.maintainer });
    expect(crew.atWork()).toEqual(["login"]);
  },
);

scenario(
  "a plan whose comment is deleted after its approval goes on",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, crew, bot, clock, people } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await clock.passes("2m");
    await issue.plan.isDeleted({ by: people.maintainer });
    bot.says("My plan comment was deleted. The plan was approved and is kept");
    expect(issue.plan.exists()).toBe(false);
    await crew.finishes("login");
    expect(crew.atWork()).toEqual(["docs"]);
    expect(bot.status()).toMatch(/\*\*login\*\*[^\n]*merged/);
  },
);

scenario(
  "a root branch that is deleted before anything is merged is made again",
  { settings: AT_ONCE },
  async (world) => {
    const { pullOf, crew, people, repository } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await repository.losesBranch("agent/1/root", { by: people.maintainer });
    await crew.finishes("login");
    expect(pullOf("login").now().state).toBe("merged");
    expect(crew.atWork()).toEqual(["docs"]);
  },
);

scenario(
  "a root branch that is deleted with merged tasks stops the work, and a start begins anew",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, bot, people, repository } = world;
    await isApproved(world, { login: [], docs: ["login"] });
    await crew.finishes("login");
    await repository.losesBranch("agent/1/root", { by: people.maintainer });
    // GitHub closes its pull request with it, which says stop.
    expect(pullOf("root").now().state).toBe("closed");
    expect(issue.phase()).toBe("stopped");
    expect(crew.atWork()).toEqual([]);
    await issue.getsComment("/agent start", { by: people.maintainer });
    bot.says(/^@mona Here is my plan: /);
    await issue.plan.getsThumbsUp({ by: people.maintainer });
    expect(crew.brief("login").branch).toEqual({ name: "agent/1-2/login", exists: false });
  },
);
