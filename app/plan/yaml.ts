import { z } from "zod";

import { listed, readTyped } from "../config/typed.ts";
import type { Problem } from "../config/yaml.ts";
import { checkPlan } from "./check.ts";
import { SIZES } from "./plan.ts";
import type { Plan } from "./plan.ts";

export { printPlan } from "./print.ts";

const sort = { name: "the plan", most: 40_000, need: "it needs `tasks`, and the lists of each" };

// Every message here is what the value must be, as in "`tasks[2].title` must be …"; `readTyped` makes the sentence. How
// long a text may be, and all else, is for `checkPlan`. A key that stands without a value counts as left out.

const text = (message: string) => z.string(message).trim();
const optional = (what: string) =>
  text(`${what}; where YAML takes it for something else, put it in quotes`)
    .nullish()
    .transform((words) => words ?? "");
const list = (what: string) =>
  z
    .array(text(what), `a list of ${what}`)
    .nullish()
    .transform((items) => items ?? []);

const EditedTask = z.strictObject(
  {
    id: text("a name like `fix-login`; where YAML takes it for something else, put it in quotes"),
    title: text("a line of text; where YAML takes it for something else, put it in quotes"),
    after: list("ids of other tasks, like `[login, docs]`"),
    size: z
      .enum(SIZES, `one of ${SIZES.join(", ")}`)
      .nullish()
      .transform((size) => size ?? "medium"),
    files: list("paths, like `[src/login.ts]`"),
    body: text("text that says what to do and why"),
    test: optional("text that says how it is tested"),
  },
  "a task: `id`, `title` and `body`, and what else it has",
);

const EditedPlan = z.strictObject(
  {
    summary: optional("text"),
    tasks: z.array(EditedTask, "a list of tasks, each with `- id: …` in its first line"),
  },
  "`summary` and `tasks`",
);

const keys = {
  name: "part of a plan",
  beside: (path: readonly PropertyKey[]) =>
    Object.keys(path.length > 1 ? EditedTask.shape : EditedPlan.shape),
};

/**
 * The plan in `yaml`, as `printPlan` wrote it and people edited it, or every problem in it: one sentence each, which says
 * what to do, and the line of the YAML (from 1) that it is about, if it is about one.
 */
export function parsePlan(yaml: string): { plan: Plan } | { errors: Problem[] } {
  const read = readTyped(yaml, EditedPlan, { sort, keys });
  if ("problems" in read) return { errors: read.problems };
  const plan = read.value;
  const problems = checkPlan(plan);
  if (problems.length === 0) return { plan };
  const at = (path: (string | number)[]) => (path.length > 0 ? read.line(path) : null);
  return { errors: listed(problems.map(({ path, say }) => ({ line: at(path), say }))) };
}
