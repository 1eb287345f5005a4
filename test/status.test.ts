import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import type { World } from "./harness/scenario.ts";
import { where } from "./harness/github.ts";
import { becomesPull } from "./steps.ts";

/** The status comment's id, and its whole text. */
async function statusComment({ people, issue }: World): Promise<{ id: number; body: string }> {
  const { data } = await people.admin.octokit.issues.listComments({ ...where, issue_number: issue.number });
  const { id, body = "" } = data.find((comment) => comment.body?.includes(":status -->"))!;
  return { id, body };
}

scenario("a status comment that is deleted isn't guessed", async (world) => {
  const { issue, crew, bot, people, act } = world;
  await becomesPull(world);
  const { id } = await statusComment(world);
  await act(async () => void (await people.admin.octokit.issues.deleteComment({ ...where, comment_id: id })));
  await issue.getsComment("Oops.", { by: people.admin });
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona My status comment is gone[^]*`\/agent start`/);
  await issue.getsComment("/agent start", { by: people.maintainer });
  expect(crew.brief().branch).toEqual({ name: "agent/1-2/digits", exists: false });
  expect(issue.phase()).toBe("working");
});

scenario("a status comment that somebody changed isn't trusted", async (world) => {
  const { issue, crew, bot, people, act } = world;
  await becomesPull(world);
  const { id, body } = await statusComment(world);
  const forged = body.replace(/coxswain-state:[\w-]{20}/, `coxswain-state:${"A".repeat(20)}`);
  await act(async () => {
    await people.admin.octokit.issues.updateComment({ ...where, comment_id: id, body: forged });
  });
  expect(issue.phase()).toBe("blocked");
  bot.says(/@mona My status comment was changed by somebody/);
  await issue.getsComment("/agent start", { by: people.maintainer });
  expect(crew.brief().branch).toEqual({ name: "agent/1-2/digits", exists: false });
});

scenario("what people see of the status comment is mended, and nothing else", async (world) => {
  const { issue, crew, bot, people, act } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  const { id, body } = await statusComment(world);
  await act(async () => {
    const changed = body.replace("An agent is at work", "Nothing is at work");
    await people.admin.octokit.issues.updateComment({ ...where, comment_id: id, body: changed });
  });
  expect(bot.status()).toContain("An agent is at work");
  expect(crew.atWork()).toEqual(["digits"]);
  expect(issue.phase()).toBe("working");
});

scenario("of two comments with one marker the newer goes", async (world) => {
  const { issue, people, act, stage } = world;
  await issue.isLabelled("agent", { by: people.maintainer });
  const { id, body } = await statusComment(world);
  await act(async () => void (await stage.bot.issues.createComment({ ...where, issue_number: 1, body })));
  await issue.isEdited({ title: "10m is read as 0!" }, { by: people.maintainer });
  const { data } = await people.admin.octokit.issues.listComments({ ...where, issue_number: 1 });
  expect(data.map((comment) => comment.id)).toEqual([id]);
});
