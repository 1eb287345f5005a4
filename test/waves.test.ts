import { expect } from "vitest";

import { where } from "./harness/github.ts";
import { scenario } from "./harness/scenario.ts";
import { AT_ONCE, isApproved, isPlanned } from "./steps.ts";

scenario(
  "as many agents work on an issue as its limit says, in the plan's order",
  { settings: `${AT_ONCE}limits:\n  parallel: 2\n` },
  async (world) => {
    const { issue, crew, bot } = world;
    await isApproved(world, { one: [], two: [], three: [], four: [] });
    expect(crew.atWork()).toEqual(["one", "two"]);
    expect(bot.status()).toMatch(/\*\*three\*\*[^]*waits for a free place/);
    await crew.finishes("two");
    expect(crew.atWork()).toEqual(["one", "three"]);
    await crew.fails("one", "setup", "No npm.");
    expect(crew.atWork()).toEqual(["three", "four"]);
    expect(issue.phase()).toBe("working");
  },
);

scenario("two issues share the agents that there are", { maxRuns: 2, settings: AT_ONCE }, async (world) => {
  const { crew, people, act, bot } = world;
  await isApproved(world, { one: [], two: [], three: [] });
  expect(crew.atWork()).toEqual(["one", "two"]);
  world.planner.judgesSimple({ id: "other" });
  await act(async () => {
    const { data } = await people.stranger.octokit.issues.create({ ...where, title: "Another", body: "It." });
    const labels = { ...where, issue_number: data.number, labels: ["agent"] };
    await people.maintainer.octokit.issues.addLabels(labels);
  });
  expect(crew.atWork(), "nobody is sent away").toEqual(["one", "two"]);
  await crew.finishes("one");
  expect(crew.atWork(), "the next place is the other issue's").toEqual(["two", "other"]);
  await crew.endsWithoutChange("other", "It is done.");
  bot.says("It is done.", { on: 2 });
  expect(crew.atWork()).toEqual(["two", "three"]);
});

scenario("two tasks that are merged in the same second start what waits for both once", async (world) => {
  const { pullOf, crew, clock, repository } = world;
  await isApproved(world, { login: [], logout: [], docs: ["login", "logout"] });
  await crew.finishes("login", { changes: { "login.md": "In.\n" } });
  await crew.finishes("logout", { changes: { "logout.md": "Out.\n" } });
  expect(crew.atWork()).toEqual([]);
  await clock.passes("3m");
  expect(pullOf("login").now().state).toBe("merged");
  expect(pullOf("logout").now().state).toBe("merged");
  expect(crew.atWork()).toEqual(["docs"]);
  await crew.finishes("docs");
  expect(await repository.file("login.md", "agent/1/docs")).toBe("In.\n");
  expect(await repository.file("logout.md", "agent/1/docs")).toBe("Out.\n");
});

scenario(
  "a failed task holds only what depends on it, and goes on with a retry",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, bot, people } = world;
    await isApproved(world, { login: [], logout: [], docs: ["login"], tour: ["logout"] });
    await crew.fails("login", "setup", "`npm ci` ended with code 1.");
    expect(issue.phase()).toBe("working");
    expect(bot.status()).toMatch(/\*\*docs\*\*[^\n]*waits for login/);
    await crew.finishes("logout");
    expect(crew.atWork()).toEqual(["tour"]);
    await crew.finishes("tour");
    expect(issue.phase(), "nothing is left to do").toBe("blocked");
    bot.says(
      /@mona \*\*login\*\*: It failed:[^]*npm ci[^]*`\/agent retry login` tries again[^]*`\/agent skip login`/,
    );
    await issue.getsComment("/agent retry login", { by: people.maintainer });
    expect(crew.atWork()).toEqual(["login"]);
    await crew.finishes("login");
    expect(crew.atWork()).toEqual(["docs"]);
    expect(pullOf("root").now().draft).toBe(true);
  },
);

scenario("what depends on a skipped task goes on without it", { settings: AT_ONCE }, async (world) => {
  const { issue, pullOf, crew, bot, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await issue.getsComment("/agent skip logn", { by: people.maintainer });
  bot.says("No task of the plan is called `logn`; did you mean `login`?");
  await issue.getsComment("/agent skip login", { by: people.maintainer });
  expect(crew.atWork(), "nobody works on it any more").toEqual(["docs"]);
  await crew.finishes("docs");
  bot.says("No check has started", { on: pullOf("root").now().number });
  expect(pullOf("root").now().draft).toBe(false);
  expect(issue.plan.text()).toMatch(/- \[ \] \*\*login\*\*[^\n]*skipped/);
  expect(issue.phase()).toBe("in review");
});

const TWELVE = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`task-${at + 1}`, []]));

scenario(
  "twelve tasks that all fail are told of in one comment",
  { settings: "limits:\n  parallel: 12\n  repository: 12\n" },
  async (world) => {
    const { issue, crew, bot, act, stage } = world;
    await isPlanned(world, TWELVE);
    await issue.plan.getsThumbsUp({ by: world.people.maintainer });
    const tasks = crew.atWork();
    expect(tasks).toHaveLength(12);
    await act(async () => {
      for (const task of tasks)
        stage.cluster.end(crew.brief(task).run, {
          kind: "ended",
          at: stage.clock.now(),
          outcome: { kind: "failed", reason: "setup", say: "There is no npm." },
          answers: {},
        });
    });
    expect(issue.phase()).toBe("blocked");
    bot.says(/@mona \*\*task-1\*\*, \*\*task-2\*\*[^]*\*\*task-12\*\*: It failed:[^]*There is no npm/);
    await issue.getsComment("/agent retry", { by: world.people.maintainer });
    expect(crew.atWork()).toHaveLength(12);
  },
);
