import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";

scenario("where every webhook is lost, the sweep finds what happened", async (world) => {
  const { issue, pull, crew, ci, bot, people, sweeps, stage } = world;
  stage.post.losesAll();
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(crew.atWork()).toEqual([]);
  await sweeps();
  expect(crew.atWork()).toEqual(["digits"]);

  await crew.finishes("digits");
  await ci.fails("test");
  expect(crew.atWork()).toEqual([]);
  await sweeps();
  expect(crew.brief().feedback).toMatchObject([{ kind: "check", by: "test" }]);
  await crew.finishes("digits", { answers: { test: "Mended." } });
  bot.says("Mended.");
  await ci.passes("test");
  await sweeps();
  expect(issue.phase()).toBe("in review");

  await pull.isReviewed({ event: "REQUEST_CHANGES", body: "Shorter!" }, { by: people.maintainer });
  await sweeps();
  expect(crew.brief().feedback).toMatchObject([{ kind: "review", text: "Shorter!" }]);
  await crew.finishes("digits", { answers: { Shorter: "Shorter." } });
  bot.says("Shorter.");
  await issue.getsComment("/agent status", { by: people.maintainer });
  await sweeps();
  bot.says("Pull request: #2");

  await pull.isMerged({ by: people.maintainer });
  expect(issue.phase()).toBe("working");
  await sweeps();
  expect(issue.phase()).toBe("done");
});

scenario("a label that is taken off unheard is found by the sweep", async (world) => {
  const { issue, crew, people, sweeps, stage } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  stage.post.losesAll();
  await issue.isUnlabelled("agent", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
  await sweeps();
  expect(crew.atWork()).toEqual([]);
  expect(issue.phase()).toBe("stopped");
});

scenario("a base that moved on unheard is found by the sweep", async (world) => {
  const { issue, crew, ci, people, repository, sweeps, stage } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  await crew.finishes("digits", { changes: { "src/duration.js": "// ours\n" } });
  await ci.passes("test");
  stage.post.losesAll();
  await repository.getsPush({ "src/duration.js": "// theirs\n" }, { by: people.maintainer });
  expect(crew.atWork()).toEqual([]);
  await sweeps();
  expect(crew.brief().purpose).toBe("resolve");
});

scenario("an issue where nothing happens costs the sweep no call of its own", async (world) => {
  const { issue, crew, people, sweeps, stage } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
  await sweeps();
  const before = stage.twin.calls.length;
  await sweeps();
  const calls = stage.twin.calls.slice(before).filter(({ by }) => by === "coxswain");
  expect(calls.map(({ route }) => route)).toEqual([
    "GET /app/installations",
    "GET /installation/repositories",
    "POST /graphql",
  ]);
});
