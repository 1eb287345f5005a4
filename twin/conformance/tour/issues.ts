import type { Tour } from "./tour.ts";

/** Labels, issues and what is said about them, until one is closed and opened again. */
export async function tourIssues({ ada, mona, rita, bot, at }: Tour): Promise<void> {
  await mona.rest.issues.createLabel({ ...at, name: "agent", color: "5319e7", description: "Work on it" });
  await mona.rest.issues.updateLabel({ ...at, name: "agent", new_name: "Agent", color: "000000" });
  await mona.rest.issues.createLabel({ ...at, name: "short-lived" });
  const { data: issue } = await mona.rest.issues.create({
    ...at,
    title: "Sums are wrong",
    body: "1 + 1 gives 0",
    labels: ["bug"],
    assignees: ["mona"],
  });
  const here = { ...at, issue_number: issue.number };
  await rita.rest.issues.create({ ...at, title: `Like #${issue.number}` });
  await mona.rest.issues.update({ ...here, title: "Sums are wrong!", body: "1 + 1 gives 0." });
  await bot.rest.issues.addLabels({ ...here, labels: ["Agent", "short-lived"] });
  await bot.rest.issues.removeLabel({ ...here, name: "bug" });
  await bot.rest.issues.setLabels({ ...here, labels: ["Agent", "agent: planning", "short-lived"] });
  await mona.rest.issues.deleteLabel({ ...at, name: "short-lived" });
  await mona.rest.issues.addAssignees({ ...here, assignees: ["ada"] });
  await mona.rest.issues.removeAssignees({ ...here, assignees: ["mona"] });
  await mona.rest.issues.lock(here);
  await mona.rest.issues.unlock(here);
  await tourComments({ rita, bot, mona, at, here });
  await mona.rest.issues.update({ ...here, state: "closed", state_reason: "not_planned" });
  await ada.rest.issues.update({ ...here, state: "open" });
  await readIssues({ ada, bot, at, here });
  await mona.rest.issues.removeAllLabels(here);
}

type Here = Tour["at"] & { issue_number: number };

async function tourComments({
  rita,
  bot,
  mona,
  at,
  here,
}: Pick<Tour, "rita" | "bot" | "mona" | "at"> & { here: Here }) {
  const { data: question } = await rita.rest.issues.createComment({ ...here, body: "Why?" });
  await rita.rest.issues.updateComment({ ...at, comment_id: question.id, body: "Why is that?" });
  const { data: answer } = await bot.rest.issues.createComment({ ...here, body: "I'm looking into it." });
  const on = { ...at, comment_id: answer.id };
  const { data: heart } = await rita.rest.reactions.createForIssueComment({ ...on, content: "heart" });
  await rita.rest.reactions.createForIssueComment({ ...on, content: "heart" });
  await bot.rest.reactions.listForIssueComment(on);
  await rita.rest.reactions.deleteForIssueComment({ ...on, reaction_id: heart.id });
  const { data: thumb } = await mona.rest.reactions.createForIssue({ ...here, content: "+1" });
  await bot.rest.reactions.listForIssue(here);
  await mona.rest.reactions.deleteForIssue({ ...here, reaction_id: thumb.id });
  await bot.rest.issues.getComment(on);
  await bot.rest.issues.listComments(here);
  await bot.rest.issues.listCommentsForRepo(at);
  await mona.rest.issues.deleteComment({ ...at, comment_id: question.id });
}

async function readIssues({ ada, bot, at, here }: Pick<Tour, "ada" | "bot" | "at"> & { here: Here }) {
  await bot.rest.issues.get(here);
  await ada.rest.issues.listForRepo({ ...at, state: "all" });
  await bot.rest.issues.listEventsForTimeline(here);
  await bot.rest.issues.listLabelsOnIssue(here);
  await bot.rest.issues.listLabelsForRepo(at);
  await bot.rest.issues.getLabel({ ...at, name: "Agent" });
}
