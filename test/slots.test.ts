import { expect, test } from "vitest";

import { where } from "./harness/github.ts";
import { scenario, tell } from "./harness/scenario.ts";

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

// Told once: which of them is first is chance.
test(
  "of issues that are labelled at once one gets the last place, and the others rest",
  { timeout: 60_000 },
  () =>
    tell({ settings }, async ({ planner, crew, bot, people, act }) => {
      const ids = ["it", "it", "it", "it"];
      for (const id of ids) planner.judgesSimple({ id });
      const { octokit } = people.maintainer;
      const labelled = { ...where, title: "Hours", labels: ["agent"] };
      await act(() => Promise.all(ids.map(() => octokit.issues.create(labelled))));
      for (const id of ids) {
        expect(crew.atWork()).toEqual([id]);
        const on = crew.brief().issue.number;
        await crew.endsWithoutChange(id, "It is done.");
        bot.says("It is done.", { on });
      }
      expect(crew.atWork()).toEqual([]);
    }),
);
