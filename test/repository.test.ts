import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";

scenario(
  "wrong settings are said, and go on when they are mended",
  { settings: "limits: 3\nlable: x\n" },
  async (world) => {
    const { issue, crew, bot, people, repository } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    expect(issue.phase()).toBe("blocked");
    bot.says(/@mona `\.github\/coxswain\.yml`[^]*can't be used:[^]*limits[^]*lable/);
    await repository.getsPush({ ".github/coxswain.yml": "test: npm test\n" }, { by: people.maintainer });
    expect(crew.brief()).toMatchObject({ test: "npm test" });
  },
);

scenario(
  "settings are taken from the default branch: setup, test, model, label",
  { settings: "label: robots\nsetup: [npm ci]\ntest: npm test\nmodel: large\n" },
  async (world) => {
    const { issue, crew, people } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    expect(crew.atWork(), "that isn't the label").toEqual([]);
    await issue.isLabelled("robots", { by: people.maintainer });
    expect(crew.brief()).toMatchObject({ setup: ["npm ci"], test: "npm test", agent: { model: "large" } });
  },
);

scenario("an empty repository is said, and goes on with its first commit", { files: null }, async (world) => {
  const { issue, crew, bot, people, repository } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona This repository has no commit yet/);
  await repository.getsPush({ "README.md": "# Teatime\n" }, { by: people.admin });
  await issue.getsComment("/agent retry", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
});
