import { z } from "zod";

import { cut } from "../../app/words/cut.ts";
import type { Assessment } from "../advance/decide/state.ts";

/** Ids that name something else: the branch that tasks are merged into, and the planner's own runs. */
const RESERVED = new Set(["", "root", "plan"]);

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
    title: line(100).describe("what is to be done, as the title of a pull request"),
    body: words(6000).describe("instructions for who does the work: what to change, where, how to test it"),
  })
  .transform(({ id, title, body }) => ({ id: slug(id, title), title, body }));
const reason = line(500).describe("why it is complex");
const questions = z.array(line(500)).min(1).max(5).describe("one to five questions to who wrote the issue");

const Answer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("simple"), task: Task }),
  z.object({ kind: z.literal("complex"), reason, task: Task }),
  z.object({ kind: z.literal("asks"), questions }),
]);

/** The tool with which the model answers: one flat object, because APIs want one at the top. */
export const answerTool = {
  type: "function" as const,
  function: {
    name: "answer",
    description:
      "Answers, and ends the assessment. simple: one task, with `task`. complex: more than one task, with `reason` and `task`. asks: it can't be done without an answer, with `questions`.",
    parameters: z.toJSONSchema(
      z.object({
        kind: z.enum(["simple", "complex", "asks"]),
        task: Task.optional(),
        reason: reason.optional(),
        questions: questions.optional(),
      }),
      { io: "input" },
    ),
  },
};

/** The assessment in `text`, JSON with or without a fence around it, or what is wrong with it. */
export function readAnswer(text: string): Assessment | { wrong: string } {
  try {
    const answer = Answer.safeParse(JSON.parse(text.replace(/^\s*```\w*\n([^]*)\n```\s*$/, "$1")));
    return answer.success ? answer.data : { wrong: z.prettifyError(answer.error) };
  } catch {
    return { wrong: "that isn't JSON" };
  }
}

function slug(id: string, title: string): string {
  const slugs = [id, title].map((text) =>
    text
      .normalize("NFKD")
      .toLowerCase()
      .replaceAll(/[^a-z\d]+/g, "-")
      .slice(0, 40)
      .replaceAll(/^-+|-+$/g, ""),
  );
  return slugs.find((each) => !RESERVED.has(each)) ?? "task";
}
