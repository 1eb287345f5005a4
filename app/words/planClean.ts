import { withoutHidden } from "../plan/hidden.ts";
import type { Plan } from "../plan/plan.ts";
import { redact } from "./redact.ts";

/**
 * `plan` as it may be proposed: without secrets and without what isn't seen. People edit and read back what stands in its
 * YAML, so mentions, commands and closing words stay in it: in code they are none, and wherever else they are shown,
 * `cleanOut` defuses them. Ids stay: they are letters and digits, and edges name them. The same for a plan that is clean.
 */
export function cleanPlan(plan: Plan): Plan {
  return {
    summary: clean(plan.summary),
    tasks: plan.tasks.map((task) => ({
      ...task,
      title: clean(task.title).replaceAll(/\s+/g, " "),
      body: clean(task.body),
      files: task.files.map(clean),
      test: clean(task.test),
    })),
  };
}

const clean = (text: string): string =>
  redact(withoutHidden(text.replaceAll(/\r\n?/g, "\n")).toWellFormed()).trim();
