import { z } from "zod";

import { listed, readTyped } from "../config/typed.ts";
import type { Problem } from "../config/yaml.ts";
import { checkPlan } from "./check.ts";
import { SIZES } from "./plan.ts";
import type { Plan } from "./plan.ts";

export { printPlan } from "./print.ts";

const sort = {
  name: "the plan",
  most: 40_000,
  need: "`tasks` and what they have need four levels",
};

// Every message here is what the value must be, as in "`tasks[2].title` must be …"; `readTyped` makes the sentence. How
// long a text may be, and all else, is for `checkPlan`. What may be left out may also stand without a value.

const text = z
  .string({
    error: ({ input }) =>
      input == null ? "there, as text" : "text, in quotes where YAML takes it for something else",
  })
  .trim();
const optionalText = text.nullish().transform((words) => words ?? "");
const list = (what: string) =>
  z
    .array(text, `a list of ${what}`)
    .nullish()
    .transform((items) => items ?? []);

const EditedTask = z.strictObject(
  {
    id: text,
    title: text,
    after: list("ids of other tasks, like `[login, docs]`"),
    size: z
      .enum(SIZES, `one of ${SIZES.join(", ")}`)
      .nullish()
      .transform((size) => size ?? "medium"),
    files: list("files, like `[src/login.ts]`"),
    body: text,
    test: optionalText,
  },
  "a task, with `id`, `title` and `body` at least",
);

const EditedPlan = z.strictObject(
  {
    summary: optionalText,
    tasks: z.array(EditedTask, "a list of tasks, each with `- id: …` in its first line"),
  },
  "a list of `tasks`, perhaps below a `summary`",
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
