import { expect } from "vitest";

import { where } from "./harness/github.ts";
import { scenario } from "./harness/scenario.ts";

const settings = "limits:\n  repository: 1\n";

scenario("an issue waits for its turn where as many agents work as may", { settings }, async (world) => {
  const { issue, planner, crew, ci, people, act } = world;
  planner.judgesSimple({ id: "first" });
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["first"]);

  planner.judgesSimple({ id: "second" });
  const { octokit } = people.maintainer;
  await act(() => octokit.issues.create({ ...where, title: "And hours", labels: ["agent"] }));
  expect(crew.atWork()).toEqual(["first"]);

  await crew.finishes("first");
  expect(crew.atWork(), "the first one's end rings the second").toEqual(["second"]);

  await ci.fails("test", { summary: "It failed." });
  expect(crew.atWork(), "a follow-up waits for its turn too").toEqual(["second"]);
  await crew.finishes("second");
  expect(crew.atWork()).toEqual(["first"]);
  expect(crew.brief().purpose).toBe("fix");
});

scenario("a plan's tasks start as there is room", { settings }, async (world) => {
  const { issue, planner, crew, bot, ciOf, people } = world;
  planner.plans({ parser: [], printer: [], docs: [] });
  await issue.isLabelled("agent", { by: people.maintainer });
  bot.says("Here is my plan");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["parser"]);
  await crew.finishes("parser");
  expect(crew.atWork()).toEqual(["printer"]);
  await crew.crashes("printer");
  expect(crew.atWork(), "its second attempt comes first").toEqual(["printer"]);
  await crew.finishes("printer");
  expect(crew.atWork()).toEqual(["docs"]);
  await ciOf("parser").passes("test");
  expect(crew.atWork()).toEqual(["docs"]);
});
