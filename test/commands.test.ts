import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import { becomesReady } from "./steps.ts";

scenario("/agent start and /agent stop do what the label does", async (world) => {
  const { issue, crew, people } = world;
  const start = await issue.getsComment("/agent start", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
  expect(await issue.reactions(start)).toEqual(["eyes", "rocket"]);
  const stop = await issue.getsComment("Wait.\n\n/agent stop\n", { by: people.admin });
  expect(crew.atWork()).toEqual([]);
  expect(issue.phase()).toBe("stopped");
  expect(await issue.reactions(stop)).toEqual(["eyes", "rocket"]);
  await issue.getsComment("/agent start", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario("/agent status tells what goes on", async (world) => {
  const { issue, bot, people } = world;
  await issue.getsComment("/agent status", { by: people.maintainer });
  bot.says("Nothing is going on here");
  await issue.isLabelled("agent", { by: people.maintainer });
  await issue.getsComment("/agent status", { by: people.maintainer });
  bot.says(/\*\*Working\*\*[^]*An agent is at work/);
});

scenario("commands are taken on the pull request too", async (world) => {
  const { issue, pull, bot, people } = world;
  await becomesReady(world);
  const comment = await pull.getsComment("/agent status", { by: people.maintainer });
  bot.says(/In review/, { on: pull.now().number });
  expect(await issue.reactions(comment)).toEqual(["eyes", "rocket"]);
  await pull.getsComment("/agent stop", { by: people.maintainer });
  expect(issue.phase()).toBe("stopped");
});

scenario("/agent help lists the commands, and an unknown one gets its nearest", async (world) => {
  const { issue, bot, people } = world;
  await issue.getsComment("/agent help", { by: people.maintainer });
  bot.says(/`\/agent start`[^]*`\/agent approve`[^]*`\/agent skip <task>`[^]*`\/agent stop`/);
  const typo = await issue.getsComment("/agent strat", { by: people.maintainer });
  bot.says("`/agent strat` isn't a command; did you mean `/agent start`?");
  expect(await issue.reactions(typo)).toEqual(["confused", "eyes"]);
});

scenario("commands of people without write permission do nothing, in silence", async (world) => {
  const { issue, crew, people } = world;
  for (const by of [people.stranger, people.reader, people.triager]) {
    for (const text of ["/agent start", "/agent help", "/agent nonsense"]) {
      const comment = await issue.getsComment(text, { by });
      expect(await issue.reactions(comment)).toEqual([]);
    }
  }
  await issue.isLabelled("agent", { by: people.maintainer });
  await issue.getsComment("/agent stop", { by: people.stranger });
  expect(crew.atWork()).toEqual(["digits"]);
});

scenario("a command in code or in a quote is none", async (world) => {
  const { issue, crew, people } = world;
  await issue.getsComment("> /agent start\n\n```\n/agent start\n```\n", { by: people.maintainer });
  expect(crew.atWork()).toEqual([]);
  expect(issue.phase()).toBe(null);
});
