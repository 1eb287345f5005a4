import { posix } from "node:path";

import { z } from "zod";

import { MOST, RESERVED } from "../../app/plan/check.ts";
import { SIZES } from "../../app/plan/plan.ts";
import type { Plan } from "../../app/plan/plan.ts";
import { cut } from "../../app/words/cut.ts";
import { cleanPlan } from "../../app/words/planClean.ts";
import type { Assessment } from "../advance/decide/state.ts";

/** A longer answer isn't even read: cleaning it takes its time. */
const MOST_READ = 200_000;

/** Words of the model for people; too long ones are cut, empty ones are an error that it is told. */
function words(most: number) {
  return z
    .string()
    .transform((text) => cut(text.trim().toWellFormed(), most))
    .refine((text) => text !== "", "must not be empty");
}

const line = (most: number) =>
  z
    .string()
    .transform((text) => text.replaceAll(/[\s\p{C}]+/gu, " "))
    .pipe(words(most));

const Task = z
  .object({
    id: z.string().describe("a short name for the branch, like fix-login"),
    title: line(MOST.title).describe("what is to be done, as the title of a pull request"),
    body: words(6000).describe("instructions for who does the work: what to change, where, how to test it"),
  })
  .transform(({ id, title, body }) => ({ id: slug(id) ?? slug(title) ?? "task", title, body }));

/** `checkPlan` has the rules; what is too long and little missed is cut before. */
const PlanTask = z.object({
  id: z.string().describe("a short name for the branch, like fix-login; unique in the plan"),
  title: z
    .string()
    .describe(`what is to be done, as the title of a pull request; at most ${MOST.title} characters`),
  body: z
    .string()
    .describe(`the brief: what to change, where and why; at most ${MOST.body} characters, in lines`),
  files: z.array(z.string()).default([]).describe("the files that it will likely touch"),
  test: z.string().default("").describe(`how it is tested; at most ${MOST.test} characters`),
  size: z.enum(SIZES).default("medium").describe("how much work it is"),
  after: z.array(z.string()).default([]).describe("ids of the tasks that must be merged before it starts"),
});
const tasks = z.array(PlanTask).describe(`2 to ${MOST.tasks} tasks`);
const summary = z
  .string()
  .default("")
  .describe(`what the tasks come to together; at most ${MOST.summary} characters`);
const questions = z.array(line(500)).min(1).max(5).describe("one to five questions to who wrote the issue");

const Answer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("simple"), task: Task }),
  z
    .object({ kind: z.literal("complex"), summary, tasks })
    .transform(({ kind, ...plan }) => ({ kind, plan: tidied(plan) })),
  z.object({ kind: z.literal("asks"), questions }),
]);

/** The tool with which the model answers: one flat object, because APIs want one at the top. */
export const answerTool = {
  type: "function" as const,
  function: {
    name: "answer",
    description:
      "Answers, and ends the assessment. simple: one task, with `task`. complex: a plan, with `summary` and `tasks`. asks: it can't be done without an answer, with `questions`.",
    parameters: z.toJSONSchema(
      z.object({
        kind: z.enum(["simple", "complex", "asks"]),
        task: Task.optional(),
        summary: summary.optional(),
        tasks: tasks.optional(),
        questions: questions.optional(),
      }),
      { io: "input" },
    ),
  },
};

/**
 * The assessment in `text`, JSON with or without a fence around it, or what is wrong with it. The rules of a plan are for
 * `checkPlan`.
 */
export function readAnswer(text: string): Assessment | { wrong: string } {
  if (text.length > MOST_READ) return { wrong: "that is far too long" };
  try {
    const answer = Answer.safeParse(JSON.parse(text.replace(/^\s*```\w*\n([^]*)\n```\s*$/, "$1")));
    return answer.success ? answer.data : { wrong: z.prettifyError(answer.error) };
  } catch {
    return { wrong: "that isn't JSON" };
  }
}

/** The plan with what models get wrong and mean nothing by put right; edges follow their tasks' ids. */
function tidied(given: Plan): Plan {
  const { summary, tasks } = cleanPlan(given);
  const ids = new Map(tasks.map(({ id, title }) => [id, slug(id) ?? slug(title) ?? id]));
  return {
    summary: cut(summary, MOST.summary),
    tasks: tasks.map(({ id, title, after, files, test, ...task }) => ({
      ...task,
      id: ids.get(id)!,
      title: cut(title, MOST.title),
      after: [...new Set(after.map((before) => ids.get(before) ?? slug(before) ?? before))],
      files: tidiedFiles(files),
      test: cut(test, MOST.test),
    })),
  };
}

/** Paths in the repository as models write them (`./src/x`, `/src/x`), as git does, once each, and not too many. */
function tidiedFiles(files: string[]): string[] {
  const paths = files
    .map((file) => posix.normalize(`/${file.trim()}`).slice(1))
    .filter((path) => path !== "" && path.length <= MOST.file && !/[\\\n\t]/.test(path));
  return [...new Set(paths)].slice(0, MOST.files);
}

/** What of `text` a branch can be called; null if there is nothing. */
function slug(text: string): string | null {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "-")
    .slice(0, MOST.id)
    .replaceAll(/^-+|-+$/g, "");
  return plain === "" || RESERVED.has(plain) ? null : plain;
}
