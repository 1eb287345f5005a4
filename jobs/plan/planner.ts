import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

import { cut } from "../../app/words/cut.ts";
import type { Assessment } from "../advance/decide/state.ts";
import { answerTool, readAnswer } from "./answer.ts";
import { modelAt } from "./model.ts";
import type { Model, Reply } from "./model.ts";
import { PlannerError } from "./plannerError.ts";
import { marked, questionText, SYSTEM } from "./prompt.ts";
import type { Question } from "./prompt.ts";
import { eyesOn, tools } from "./tools.ts";
import type { Eyes } from "./tools.ts";
import { cloneTree } from "./tree.ts";

const TRIES = 3;

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
    const assessment = await converse(model, eyesOn(tree), question);
    return { assessment, tokens: model.tokens() };
  } finally {
    await tree.remove();
  }
}

/** Ends: each turn uses up a look at the repository, or a try. */
async function converse(model: Model, eyes: Eyes, question: string): Promise<Assessment> {
  const messages: ChatCompletionMessageParam[] = [
    { role: "system", content: SYSTEM },
    { role: "user", content: question },
  ];
  let wrong = "";
  for (let tried = 0; tried < TRIES;) {
    const looks = eyes.left() > 0;
    const reply = await model.ask(messages, looks ? [...tools, answerTool] : [answerTool]);
    const turn = await takeTurn(reply, eyes);
    if (turn.kind === "answer") return turn.assessment;
    messages.push(...turn.messages);
    if (turn.kind === "looked") continue;
    tried++;
    wrong = turn.wrong;
  }
  throw new PlannerError(
    "nonsense",
    `The model gave no usable answer in ${TRIES} tries; the last time: ${cut(wrong.replaceAll(/\s+/g, " "), 300)}.`,
  );
}

type Turn =
  | { kind: "answer"; assessment: Assessment }
  | { kind: "looked"; messages: ChatCompletionMessageParam[] }
  /** A failed try, and the messages that tell the model so. */
  | { kind: "failed"; wrong: string; messages: ChatCompletionMessageParam[] };

async function takeTurn(reply: Reply, eyes: Eyes): Promise<Turn> {
  if (!reply)
    return { kind: "failed", wrong: "its API answered something that isn't a message", messages: [] };
  if (reply.calls.length === 0) return readContent(reply.content);
  const messages: ChatCompletionMessageParam[] = [
    { role: "assistant", content: reply.content || null, tool_calls: reply.calls },
  ];
  let wrong: string | null = null;
  for (const { id, function: called } of reply.calls) {
    const answer = called.name === answerTool.function.name ? readAnswer(called.arguments) : null;
    if (answer && !("wrong" in answer)) return { kind: "answer", assessment: answer };
    const [content, mistake] = answer
      ? [`That is no valid answer: ${answer.wrong}\nCall answer again.`, answer.wrong]
      : await look(called, eyes);
    wrong = mistake ?? wrong;
    messages.push({ role: "tool", tool_call_id: id, content });
  }
  return wrong === null ? { kind: "looked", messages } : { kind: "failed", wrong, messages };
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
function readContent(content: string): Turn {
  const answer = readAnswer(content);
  if (!("wrong" in answer)) return { kind: "answer", assessment: answer };
  const messages: ChatCompletionMessageParam[] = [
    { role: "assistant", content },
    { role: "user", content: `That is no valid answer: ${answer.wrong}\nCall the tool answer.` },
  ];
  return { kind: "failed", wrong: answer.wrong, messages };
}
