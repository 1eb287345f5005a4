import { expect } from "vitest";

import { where } from "./harness/github.ts";
import { scenario } from "./harness/scenario.ts";
import { isApproved, isPlanned } from "./steps.ts";

scenario("a plan is approved by its box", async (world) => {
  const { issue, crew, people } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  expect(issue.phase()).toBe("awaiting approval");
  await issue.plan.isTicked({ by: people.admin });
  expect(issue.plan.text()).toContain("approved by **ada**");
  expect(issue.plan.text(), "a box that can't be ticked any more is gone").not.toContain("Approve this plan");
  expect(crew.atWork()).toEqual(["login"]);
});

scenario("a plan is approved by a command, once", async (world) => {
  const { issue, crew, bot, people } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  const approval = await issue.getsComment("/agent approve", { by: people.admin });
  expect(crew.atWork()).toEqual(["login"]);
  expect(await issue.reactions(approval)).toEqual(["eyes", "rocket"]);
  await issue.getsComment("/agent approve", { by: people.maintainer });
  bot.says("Nothing waits for approval: **ada** approved the plan as it is.");
});

scenario("who may not approve, doesn't", async (world) => {
  const { issue, crew, bot, people, stage } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  await issue.plan.getsThumbsUp({ by: people.reader });
  bot.says(/^@rita Approving a plan takes write permission here/);
  await issue.plan.getsThumbsUp({ by: people.triager });
  await issue.getsComment("/agent approve", { by: people.stranger });
  const id = issue.plan.id();
  await world.act(async () => {
    // The app's own hands.
    await stage.bot.reactions.createForIssueComment({ ...where, comment_id: id, content: "+1" });
    await stage.bot.issues.createComment({ ...where, issue_number: 1, body: "/agent approve" });
    await stage.readsThumbs();
  });
  bot.says("/agent approve");
  stage.level(people.maintainer, "read");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  await issue.getsComment("/agent approve", { by: people.maintainer });
  expect(issue.phase()).toBe("awaiting approval");
  expect(crew.atWork()).toEqual([]);
});

scenario("an approval that is older than the last edit isn't one of the plan as it is", async (world) => {
  const { issue, crew, bot, people, stage } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  const id = issue.plan.id();
  // Nothing rings before the edit.
  await world.act(stage.post.allArrived);
  await world.act(async () => {
    await people.admin.octokit.reactions.createForIssueComment({ ...where, comment_id: id, content: "+1" });
  });
  await issue.plan.isEdited((yaml) => yaml.replace("Do docs", "Rewrite docs"), { by: people.maintainer });
  bot.says(/^@ada Your approval is older than the last change of the plan/);
  expect(crew.atWork()).toEqual([]);
  await issue.getsComment("/agent approve", { by: people.admin });
  expect(crew.atWork()).toEqual(["login"]);
});

scenario("two who approve at once approve one plan", async (world) => {
  const { issue, crew, people, stage } = world;
  await isPlanned(world, { login: [], docs: [] });
  const id = issue.plan.id();
  await world.act(async () => {
    for (const { octokit } of [people.admin, people.maintainer])
      await octokit.reactions.createForIssueComment({ ...where, comment_id: id, content: "+1" });
    await stage.readsThumbs();
  });
  expect(issue.plan.text()).toContain("approved by **ada**");
  expect(crew.atWork()).toEqual(["login", "docs"]);
});

scenario("a 👎 asks what to change, and a replan changes it", async (world) => {
  const { issue, planner, crew, bot, people } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  await issue.plan.getsThumbsDown({ by: people.maintainer });
  bot.says(/^@mona What should I change\?/);
  planner.plans({ login: { title: "Log in, documented" } });
  await issue.getsComment("/agent replan Put the docs into the task.", { by: people.maintainer });
  expect(planner.asked.at(-1)).toMatchObject({
    force: true,
    change: {
      by: "mona",
      text: "Put the docs into the task.",
      plan: { tasks: [{ id: "login" }, { id: "docs" }] },
    },
  });
  bot.says(/^@mona Here is my plan: 1 task in 1 wave/);
  expect(issue.phase()).toBe("awaiting approval");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["login"]);
  expect(crew.brief().task.title).toBe("Log in, documented");
});

scenario("a simple issue gets a plan where a maintainer asks for one", async (world) => {
  const { issue, planner, crew, bot, people } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  expect(crew.atWork()).toEqual(["digits"]);
  planner.plans({ login: [], docs: ["login"] });
  await issue.getsComment("/agent plan", { by: people.maintainer });
  // Its tokens are promised to the agent at work.
  await crew.endsWithoutChange("digits", "It is too much for one task.");
  expect(planner.asked.at(-1)?.force).toBe(true);
  bot.says(/^@mona Here is my plan: 2 tasks/);
  expect(issue.phase()).toBe("awaiting approval");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["login"]);
});

scenario("an edit of the issue under a plan is offered as a replan", async (world) => {
  const { issue, planner, crew, bot, people } = world;
  await isApproved(world, { login: [], docs: ["login"] });
  await issue.isEdited({ body: "It should be 600 seconds, and 10h 36000." }, { by: people.maintainer });
  bot.says(/^@mona The issue was edited, and the plan is for its text from before/);
  expect(crew.atWork()).toEqual(["login"]);
  planner.plans({ login: [], hours: ["login"] });
  await issue.getsComment("/agent replan Follow the issue as it is now", { by: people.maintainer });
  expect(planner.asked.at(-1)?.issue.body).toContain("10h 36000");
  bot.says(/^@mona Here is my plan, changed: 2 tasks/);
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(issue.plan.text()).toContain("**hours**");
  expect(crew.atWork(), "what ran goes on").toEqual(["login"]);
});

scenario("a base branch that moved since the plan was made is what work starts from", async (world) => {
  const { issue, crew, people, repository } = world;
  await isPlanned(world, { login: [], docs: ["login"] });
  await repository.getsPush({ "new.md": "New.\n" }, { by: people.maintainer });
  expect(issue.phase()).toBe("awaiting approval");
  await issue.plan.getsThumbsUp({ by: people.maintainer });
  expect(crew.atWork()).toEqual(["login"]);
  expect(await repository.file("new.md", "agent/1/root")).toBe("New.\n");
});
