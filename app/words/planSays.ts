import type { Problem } from "../config/yaml.ts";
import { inline } from "./inline.ts";
import { nearest } from "./nearest.ts";
import { mention } from "./says.ts";

const MOST_QUESTIONS = 5;

/** Why an approval doesn't count. */
export type VoidReason = "permission" | "older" | "invalid";

/** The answer to an approval that doesn't count. */
export function voidApprovalWords(by: string, why: VoidReason): string {
  switch (why) {
    case "permission":
      return mention(
        by,
        "Approving a plan takes write permission here, so your approval doesn't count. Somebody who has it can approve it: by the box, a 👍 or `/agent approve`.",
      );
    case "older":
      return mention(
        by,
        "Your approval is older than the last change of the plan, so it doesn't count. Look at the plan as it is now; if it is right, comment `/agent approve`, or take the 👍 or the tick back and give it again.",
      );
    case "invalid":
      return mention(
        by,
        "The plan can't be used as its YAML is now, so there is nothing that I could begin. Mend the YAML, or put back what was there; then approve it again.",
      );
  }
}

/** The answer to 👎 on a plan. */
export const thumbsDownWords = (by: string): string =>
  mention(
    by,
    "What should I change? Comment `/agent replan <what to change>`, or edit the YAML in the plan's comment.",
  );

/** The answer to an edit that makes no plan. `errors` is as `parsePlan` tells them. */
export function invalidEditWords(by: string, errors: Problem[], issue: number): string {
  const lines = errors
    .slice(0, 20)
    .map(({ line, say }) => `- ${line === null ? "" : `Line ${line}: `}${inline(say, 500, issue)}`);
  return mention(
    by,
    `The plan can't be used as you edited it, so the one before stands:\n${lines.join("\n")}\n\nThe lines are those of the YAML. Edit it again, and I look again.`,
  );
}

/** The answer to an edit by somebody who may not. */
export const strangersEditWords = (by: string): string =>
  mention(
    by,
    "Changing the plan takes write permission here, so I put it back as it was. Say in a comment what should be different: somebody who has it can pass that on with `/agent replan <what to change>`.",
  );

/** Said once when the issue's text changes under a plan. */
export const issueEditedWords = (by: string): string =>
  mention(
    by,
    "The issue was edited, and the plan is for its text from before. `/agent replan Follow the issue as it is now` makes a new one; without that, this plan stands.",
  );

/** What the planner has to know, one by one. */
export function questionsWords(questions: string[], issue: number): string {
  const list = questions
    .map((question) => inline(question, 1000, issue))
    .filter((question) => question !== "")
    .slice(0, MOST_QUESTIONS)
    .map((question, at) => `${at + 1}. ${question}`);
  return `Before I plan this, I need to know:\n\n${list.join("\n")}\n\nAnswer in a comment here, in any form, and I go on.`;
}

/** Said when the comment of an approved plan is gone: what waits is `blocked` instead. */
export const planDeletedWords =
  "My plan comment was deleted. The plan was approved and is kept, so the work goes on; `/agent status` says where it stands.";

/** The answer to a command that names no task of the plan. */
export function unknownTaskWords(task: string, ids: string[]): string {
  const meant = nearest(task, ids);
  const hint = meant ? `did you mean \`${meant}\`? They are ` : "they are ";
  return `No task of the plan is called \`${task}\`; ${hint}${ids.map((id) => `\`${id}\``).join(", ")}.`;
}

/** The answer to a command about a plan, where there is none. */
export const noPlanWords = (command: "approve" | "replan" | "retry" | "skip"): string =>
  `There is no plan here, so \`/agent ${command}\` has nothing to go by. \`/agent plan\` asks for one.`;

/** The answer to `/agent approve` where the plan doesn't wait (any more). */
export const nothingWaitsWords = (approvedBy: string | null): string =>
  approvedBy === null
    ? "No plan waits for approval here."
    : `Nothing waits for approval: **${approvedBy}** approved the plan as it is.`;
