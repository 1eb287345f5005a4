import { expect } from "vitest";

import { where } from "./harness/github.ts";
import { scenario } from "./harness/scenario.ts";
import { AT_ONCE, isApproved, isPlanned } from "./steps.ts";

const FORTY = Array.from({ length: 40 }, (_, at) => `  - { id: t${at}, title: T, body: B }\n`).join("");

scenario("a maintainer's edit changes the plan, its drawing and what is worked on", async (world) => {
  const { issue, crew, people } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  await issue.plan.isEdited(
    () =>
      "summary: Less.\ntasks:\n  - { id: docs, title: Docs first, body: Write. }\n  - { id: tour, title: A tour, body: Show., after: [docs] }\n",
    { by: people.maintainer },
  );
  expect(issue.plan.text()).toMatch(/- \[ \] \*\*docs\*\*: Docs first[^]*\*\*tour\*\*: A tour/);
  expect(issue.plan.text()).toMatch(/```mermaid\n[^`]*docs[^`]*tour[^`]*n0 --> n1/);
  expect(issue.plan.text()).not.toContain("login");
  await issue.plan.isTicked({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["docs"]);
  expect(crew.brief().task).toMatchObject({ title: "Docs first", body: expect.stringContaining("Write.") });
});

scenario(
  "an edit that makes no plan is answered by line and reason, and the plan before stands",
  async (world) => {
    const { issue, crew, bot, people } = world;
    await isPlanned(world, { login: [], docs: ["login"] });
    const good = issue.plan.yaml();
    const by = { by: people.maintainer };
    await issue.plan.isEdited((yaml) => yaml.replace(/after: .*login.*/, "after: [logn]"), by);
    bot.says(/^@mona The plan can't be used as you edited it, so the one before stands:\n- Line \d+: .*logn/);
    await issue.plan.getsThumbsUp(by);
    bot.says("The plan can't be used as its YAML is now");
    await issue.plan.isEdited((yaml) => `${yaml}summary: Twice.\n`, by);
    bot.says(/- Line \d+: .*`?summary/);
    await issue.plan.isEdited(() => "tasks: []\n", by);
    bot.says(/the one before stands:\n- /);
    await issue.plan.isEdited(() => "a: &a [x, x]\nb: &b [*a, *a]\ntasks: [*b, *b]\n", by);
    bot.says(/the one before stands:\n- /);
    await issue.plan.isEdited(() => good.replace("  - id: login", "\t- !!js/function id: login"), by);
    bot.says(/- Line \d+: /);
    await issue.plan.isEdited(() => `tasks:\n${FORTY}`, by);
    bot.says(/the one before stands:\n- [^\n]*(12|40)/);
    expect(issue.phase()).toBe("awaiting approval");
    await issue.plan.isEdited(() => good, by);
    await issue.getsComment("/agent approve", by);
    expect(crew.atWork()).toEqual(["login"]);
  },
);

scenario("an edit by somebody who may not is taken back", async (world) => {
  const { issue, crew, bot, people, stage, sweeps } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  stage.post.losesAll();
  await issue.plan.isEdited((yaml) => yaml.replace("Do login", "Mine coins"), { by: people.maintainer });
  expect(issue.plan.text()).toContain("Mine coins");
  // Who could edit it is no maintainer any more when that is seen.
  stage.level(people.maintainer, "read");
  stage.post.losesNothing();
  await sweeps();
  bot.says(/^@mona Changing the plan takes write permission here, so I put it back/);
  expect(issue.plan.text()).not.toContain("Mine coins");
  await issue.plan.getsThumbsUp({ by: people.admin });
  expect(crew.brief().task.title).toBe("Do login");
});

scenario("what a plan comment shows can't be changed by ticks", async (world) => {
  const { issue, crew, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  const id = issue.plan.id();
  const before = issue.plan.text();
  await world.act(async () => {
    const { issues } = people.maintainer.octokit;
    const { data } = await issues.getComment({ ...where, comment_id: id });
    const body = data.body!.replace("- [ ] **login**", "- [x] **login**");
    await issues.updateComment({ ...where, comment_id: id, body });
  });
  expect(issue.plan.text()).toBe(before);
  expect(crew.atWork(), "a tick merges nothing").toEqual(["login"]);
});

scenario(
  "an edit after the approval is a new proposal: what runs goes on, nothing new starts before its approval",
  { settings: AT_ONCE },
  async (world) => {
    const { issue, pullOf, crew, bot, people } = world;
    await isApproved(world, { login: [], logout: [], docs: ["login"] });
    await crew.finishes("login");
    expect(pullOf("login").now().state).toBe("merged");
    expect(crew.atWork()).toEqual(["logout", "docs"]);
    await issue.plan.isEdited(
      (yaml) =>
        yaml.replace(
          / {2}- id: docs[^]*$/,
          "  - { id: tour, title: Tour, body: Show it., after: [login] }\n",
        ),
      { by: people.admin },
    );
    expect(issue.phase()).toBe("awaiting approval");
    expect(issue.plan.text()).toContain("Here is my plan, changed");
    expect(crew.atWork(), "what runs goes on").toEqual(["logout", "docs"]);
    await crew.finishes("logout");
    expect(pullOf("logout").now().state, "what is in both plans is merged").toBe("merged");
    expect(crew.atWork(), "nothing new starts").toEqual(["docs"]);
    await issue.plan.isTicked({ by: people.admin });
    expect(crew.atWork(), "what was dropped ends").toEqual(["tour"]);
    expect(issue.plan.text()).toMatch(/- \[x\] \*\*login\*\*/);
    await crew.finishes("tour");
    bot.says("No check has started", { on: pullOf("root").now().number });
    expect(issue.phase()).toBe("in review");
  },
);
