import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { becomesReady } from "./steps.ts";

scenario("the planner asks, and goes on with a maintainer's answer", async (world) => {
  const { issue, planner, crew, bot, people } = world;
  planner.asks("Seconds or minutes?", "What about hours?");
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("asking");
  bot.says(/@mona Before I plan this, I need to know:[^]*1\. Seconds or minutes\?\n2\. What about hours\?/);
  planner.judgesSimple();
  await issue.getsComment("Hours!", { by: people.stranger });
  expect(issue.phase()).toBe("asking");
  await issue.getsComment("Seconds. No hours.", { by: people.admin });
  expect(planner.asked.at(-1)?.issue.body).toMatch(/Seconds or minutes\?[^]*@ada: Seconds\. No hours\./);
  expect(planner.asked.at(-1)?.issue.body).not.toContain("Hours!");
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario("the agent asks, and goes on with the answer", async (world) => {
  const { issue, crew, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.asks("digits", "Is 1h30 allowed?");
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona[^]*> Is 1h30 allowed\?/);
  await issue.getsComment("Yes.", { by: people.maintainer });
  expect(crew.brief().issue.body).toMatch(/Is 1h30 allowed\?[^]*@mona: Yes\./);
});

scenario("a question about a review is answered by its own reply", async (world) => {
  const { issue, pull, crew, bot, people } = world;
  await becomesReady(world);
  await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Do it as in C." }, { by: people.maintainer });
  await crew.asks("digits", "Which C?");
  bot.says("There is a question before this can be done", { on: pull.now().number });
  bot.says("> Which C?", { on: issue.number });
  await issue.getsComment("C99.", { by: people.maintainer });
  expect(crew.brief().feedback).toMatchObject([{ kind: "review", text: "Do it as in C." }]);
  expect(crew.brief().issue.body).toContain("@mona: C99.");
  await crew.finishes("digits", { answers: { "as in C": "As in C99." } });
  bot.says("> Do it as in C.\n\nAs in C99.", { on: pull.now().number });
});
