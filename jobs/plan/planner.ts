import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

import { cut } from "../../app/words/cut.ts";
import type { Assessment } from "../advance/decide/state.ts";
import { answerTool } from "./answer.ts";
import { judgeOf } from "./judge.ts";
import type { Verdict } from "./judge.ts";
import { modelAt } from "./model.ts";
import type { Model, Reply } from "./model.ts";
import { PlannerError } from "./plannerError.ts";
import { marked, questionText, SYSTEM } from "./prompt.ts";
import type { Question } from "./prompt.ts";
import { eyesOn, tools } from "./tools.ts";
import type { Eyes } from "./tools.ts";
import { cloneTree } from "./tree.ts";

const TRIES = 3;
/** What people are told of the last mistake. */
const MOST_WRONG = 300;

export interface AssessOptions extends Question {
  gateUrl: string;
  /** The pass of the `plan` run. */
  pass: string;
  model: string;
  /** The folder in which the clone gets one of its own, removed at the end. */
  dir: string;
  signal: AbortSignal;
}

/**
 * What the model says of an issue, after looking at the repository at its base commit, all through the gate. Nothing of
 * the repository runs. Lost on the way, it is done again (design §4).
 *
 * @returns the assessment, and the tokens that the model told (the gate's count is the one that counts).
 * @throws {PlannerError} what a person should read; the signal's reason if it aborts.
 */
export async function assess(options: AssessOptions): Promise<{ assessment: Assessment; tokens: number }> {
  const { gateUrl, pass, signal, repository, dir, base } = options;
  const tree = await cloneTree({ gateUrl, pass, repository, sha: base.sha, dir, signal });
  try {
    const agentsMd = await tree.read("AGENTS.md");
    const model = modelAt(gateUrl, pass, options.model, signal);
    const question = questionText(options, agentsMd?.kind === "text" ? agentsMd.text : null);
    const assessment = await converse(model, eyesOn(tree), judgeOf(options), question);
    return { assessment, tokens: model.tokens() };
  } finally {
    await tree.remove();
  }
}

type Judge = (answer: string) => Verdict;

/** Ends: each turn uses up a look at the repository, a try, or the one doubt. */
async function converse(model: Model, eyes: Eyes, judge: Judge, question: string): Promise<Assessment> {
  const messages: ChatCompletionMessageParam[] = [
    { role: "system", content: SYSTEM },
    { role: "user", content: question },
  ];
  let wrong = "";
  for (let tried = 0; tried < TRIES;) {
    const looks = eyes.left() > 0;
    const reply = await model.ask(messages, looks ? [...tools, answerTool] : [answerTool]);
    const turn = await takeTurn(reply, eyes, judge);
    if (turn.kind === "answer") return turn.assessment;
    messages.push(...turn.messages);
    if (turn.kind === "goesOn") continue;
    tried++;
    wrong = turn.wrong;
  }
  const last = cut(wrong.replaceAll(/\s+/g, " "), MOST_WRONG).replace(/\.$/, "");
  throw new PlannerError(
    "nonsense",
    `The model gave no usable answer in ${TRIES} tries; the last time: ${last}.`,
  );
}

type Turn =
  | { kind: "answer"; assessment: Assessment }
  /** It looked, or was told a doubt. */
  | { kind: "goesOn"; messages: ChatCompletionMessageParam[] }
  /** A failed try, and the messages that tell the model so. */
  | { kind: "failed"; wrong: string; messages: ChatCompletionMessageParam[] };

async function takeTurn(reply: Reply, eyes: Eyes, judge: Judge): Promise<Turn> {
  if (!reply)
    return { kind: "failed", wrong: "its API answered something that isn't a message", messages: [] };
  if (reply.calls.length === 0) return readContent(reply.content, judge);
  const messages: ChatCompletionMessageParam[] = [
    { role: "assistant", content: reply.content || null, tool_calls: reply.calls },
  ];
  let wrong: string | null = null;
  for (const { id, function: called } of reply.calls) {
    const verdict = called.name === answerTool.function.name ? judge(called.arguments) : null;
    if (verdict?.kind === "stands") return { kind: "answer", assessment: verdict.assessment };
    const [content, mistake] = verdict
      ? [`${objection(verdict)}\nCall answer again.`, verdict.kind === "wrong" ? verdict.say : null]
      : await look(called, eyes);
    wrong = mistake ?? wrong;
    messages.push({ role: "tool", tool_call_id: id, content });
  }
  return wrong === null ? { kind: "goesOn", messages } : { kind: "failed", wrong, messages };
}

function objection(verdict: Exclude<Verdict, { kind: "stands" }>): string {
  if (verdict.kind === "wrong") return `That is no valid answer: ${verdict.say}`;
  return `${verdict.say}\nTasks that run at the same time and change the same lines end in conflicts. Put one after the other, or divide the work in another way; if they don't get in each other's way, answer the same again.`;
}

/** What a look shows; once there are none left, another one is a failed try. */
async function look(
  called: { name: string; arguments: string },
  eyes: Eyes,
): Promise<[string, string | null]> {
  if (eyes.left() <= 0)
    return ["You have looked enough. Call answer now.", "it looks at the repository for ever"];
  const seen = marked(called.name, await eyes.call(called.name, called.arguments));
  return [eyes.left() > 0 ? seen : `${seen}\nThat was the last look. Call answer now.`, null];
}

/** Some models answer in words instead of calling the tool. */
function readContent(content: string, judge: Judge): Turn {
  const verdict = judge(content);
  if (verdict.kind === "stands") return { kind: "answer", assessment: verdict.assessment };
  const messages: ChatCompletionMessageParam[] = [
    { role: "assistant", content },
    { role: "user", content: `${objection(verdict)}\nCall the tool answer.` },
  ];
  return verdict.kind === "wrong"
    ? { kind: "failed", wrong: verdict.say, messages }
    : { kind: "goesOn", messages };
}
