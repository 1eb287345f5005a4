import { inline, quoted } from "./inline.ts";
import type { PlanView } from "./plan.ts";
import { checklist, nameOf, taskOf } from "./planTasks.ts";
import { FOOTER, titleOf } from "./pull.ts";

const MOST_TESTS = 50;

/** The title of the pull request to the base branch. */
export const rootTitle = ({ title, number }: { title: string; number: number }): string =>
  titleOf(title, number);

/** Its body: what, every task with its pull request, how each is tested, and the issue that it closes. */
export function rootBody({ issue, plan, tasks }: Pick<PlanView, "issue" | "plan" | "tasks">): string {
  const tests = plan.tasks
    .filter(({ id, test }) => test !== "" && taskOf(tasks, id).state !== "skipped")
    .slice(0, MOST_TESTS)
    .map(({ id, test }) => `- **${nameOf(id, issue)}**: ${inline(test, 200, issue)}`);
  return [
    ...(plan.summary === "" ? [] : [`## What\n\n${quoted(plan.summary, 3000, issue)}`]),
    `## Tasks\n\n${checklist(plan, tasks, issue)}`,
    ...(tests.length === 0 ? [] : [`## How it is tested\n\n${tests.join("\n")}`]),
    `Closes #${issue}`,
    FOOTER,
  ].join("\n\n");
}
