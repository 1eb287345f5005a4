import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";

scenario("an agent that crashes is tried three times", async (world) => {
  const { issue, crew, bot, clock, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.crashes("digits");
  expect(crew.atWork(), "the second attempt comes at once").toEqual(["digits"]);
  await crew.crashes("digits");
  expect(crew.atWork(), "the third doesn't").toEqual([]);
  expect(issue.phase()).toBe("working");
  await clock.passes("35s");
  await crew.crashes("digits", "It ended without an outcome. Its last words: segmentation fault");
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona 3 attempts failed, the last one so:[^]*segmentation fault[^]*`\/agent retry`/);
  await issue.getsComment("/agent retry", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario(
  "what an agent pushed before it crashed is kept, and the next one goes on from it",
  async (world) => {
    const { issue, crew, bot, repository, people } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    await crew.pushes("digits", { "half.md": "Half of it.\n" });
    await crew.crashes("digits");
    expect(bot.status()).toContain(
      "It ended without an outcome. What was pushed to its branch since it began",
    );
    expect(crew.brief().branch.exists).toBe(true);
    await crew.crashes("digits");
    expect(bot.status()).toMatch(/\| implement \| 2 \| It ended without an outcome\. \|/);
    await world.clock.passes("35s");
    await crew.finishes("digits");
    expect(await repository.file("half.md", "agent/1/digits")).toBe("Half of it.\n");
  },
);

scenario("an agent that says it pushed, and didn't, is tried again", async (world) => {
  const { issue, pull, crew, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.reportsFalsely("digits");
  expect(pull.exists()).toBe(false);
  expect(bot.status()).toContain("its branch isn't there");
  await crew.finishes("digits");
  expect(pull.now().state).toBe("open");
});

scenario("a setup that fails isn't tried again before a person says so", async (world) => {
  const { issue, crew, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.fails("digits", "setup", "`npm ci` ended with code 1:\n\nnpm error Missing script");
  expect(issue.phase()).toBe("blocked");
  expect(crew.atWork()).toEqual([]);
  bot.says(/@mona It failed:[^]*npm error Missing script[^]*`\/agent retry` tries again/);
});

scenario("an agent that hangs past its time is ended, and tried again", async (world) => {
  const { issue, crew, people, stage } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  const { run } = crew.brief();
  await world.act(async () =>
    stage.cluster.end(run, {
      kind: "lost",
      at: stage.clock.now(),
      say: "It didn't end by itself and was ended after 32 minutes.",
      reason: "deadline",
    }),
  );
  expect(crew.atWork()).toEqual(["digits"]);
  expect(world.bot.status()).toContain("ended after 32 minutes");
});

scenario("an agent that changes nothing says why", async (world) => {
  const { issue, crew, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.endsWithoutChange("digits", "10m is read as 600 already.");
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona The agent ended without changing anything[^]*> 10m is read as 600 already\./);
  await issue.getsComment("/agent retry", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario("a model that can't be reached is tried three times", async (world) => {
  const { issue, planner, crew, bot, clock, people } = world;
  planner.fails("The model can't be reached: connection refused.", { again: true });
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("planning");
  await clock.passes("3m");
  expect(issue.phase()).toBe("blocked");
  expect(planner.asked).toHaveLength(3);
  bot.says(/@mona 3 attempts failed, the last one so:\n\n> The model can't be reached/);
  planner.judgesSimple();
  await issue.getsComment("/agent retry", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario("a model that refuses the key, or answers nonsense, isn't tried again", async (world) => {
  const { issue, planner, bot, people } = world;
  planner.fails("The model's API refuses the app's key.", { again: false });
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("blocked");
  bot.says("The model's API refuses the app's key.");
  planner.fails("The model gave no usable answer in 3 tries.", { again: false });
  await issue.getsComment("/agent retry", { by: people.maintainer });
  bot.says("The model gave no usable answer in 3 tries.");
  expect(planner.asked).toHaveLength(2);
});

scenario("a follow-up that fails is tried again, and its comments are answered once", async (world) => {
  const { issue, pull, crew, ci, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.finishes("digits");
  await ci.passes("test");
  await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
  await crew.crashes("digits");
  expect(crew.brief().feedback).toMatchObject([{ kind: "review", text: "Shorter!" }]);
  await crew.finishes("digits", { answers: { Shorter: "Shorter." } });
  bot.says("> Shorter!\n\nShorter.");
});
