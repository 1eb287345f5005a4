import { expect } from "vitest";

import { where } from "./harness/github.ts";
import { scenario } from "./harness/scenario.ts";

scenario("no agent starts where a pod isn't held back, until one shows that it is", async (world) => {
  const { issue, planner, crew, bot, people, act, clock } = world;
  planner.judgesSimple({ id: "first" });
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.showsWalls("first", "the canary at 10.96.0.7:9090");
  expect(issue.phase()).toBe("blocked");
  bot.says("NetworkPolicy isn't enforced here");

  planner.judgesSimple({ id: "second" });
  const { octokit } = people.maintainer;
  const { data: other } = await act(() =>
    octokit.issues.create({ ...where, title: "And hours", labels: ["agent"] }),
  );
  expect(crew.atWork(), "no other one starts").toEqual([]);
  await clock.passes("5m");
  await issue.getsComment("/agent retry", { by: people.maintainer });
  expect(crew.atWork(), "one tries again").toEqual(["first"]);

  await crew.showsWalls("first");
  const retry = { ...where, issue_number: other.number, body: "/agent retry" };
  await act(() => octokit.issues.createComment(retry));
  expect(crew.atWork(), "it is held back, and so are all").toEqual(["first", "second"]);
  await crew.finishes("first");
  expect(issue.phase()).toBe("working");
});
