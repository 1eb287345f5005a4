import { cut } from "./cut.ts";
import { cleanOut } from "./text.ts";

/** The answer to one piece of feedback: the agent's words, or why there are none. */
export function answerWords(answer: string | undefined, otherwise: string, issue: number): string {
  return answer?.trim() ? cut(cleanOut(answer, { issue }), 4000) : otherwise;
}

/** An answer in the conversation, where what it answers must be named. */
export function quotedAnswer(to: { by: string; text: string }, answer: string): string {
  const first = to.text.split("\n").find((line) => line.trim() !== "") ?? "";
  return `> ${cut(cleanOut(first, { issue: 0 }), 200)}\n\n${answer}`;
}

/** One comment for all the checks that a round took up. */
export function checkAnswers(answers: { name: string; answer: string }[]): string {
  return answers.map(({ name, answer }) => `**\`${name.replaceAll("`", "")}\`**: ${answer}`).join("\n\n");
}

export const questionAnswer = "There is a question before this can be done; it stands on the issue.";
export const failedAnswer = "I could not do this; the issue's status says why.";
export const silentAnswer =
  "The agent gave no answer of its own to this; its changes are in the newest commits.";
