import { checkPlan, overlaps } from "../../app/plan/check.ts";
import type { Plan } from "../../app/plan/plan.ts";
import { cut } from "../../app/words/cut.ts";
import type { PlanAsk } from "../advance/decide/effects.ts";
import type { Assessment } from "../advance/decide/state.ts";
import { readAnswer } from "./answer.ts";

/** What becomes of an answer. */
export type Verdict =
  | { kind: "stands"; assessment: Assessment }
  /** It can't stand; what the model is told, which then fails a try. */
  | { kind: "wrong"; say: string }
  /** It may stand, if it is given again. */
  | { kind: "doubtful"; say: string };

/** What the model is told of its mistakes in one answer: enough to mend them. */
const MOST_SAID = 3000;

/** Judges the answers to one question, in order: a doubt is told once (issue 4, "The planner's plan"). */
export function judgeOf({ force, change }: Pick<PlanAsk, "force" | "change">): (text: string) => Verdict {
  let doubted = false;
  return (text) => {
    const answer = readAnswer(text);
    if ("wrong" in answer) return wrong(answer.wrong);
    if (answer.kind === "simple" && change) {
      return wrong(
        "the plan that stands is to be changed; answer complex, with the whole plan as it is then",
      );
    }
    if (answer.kind === "simple" && force) {
      return wrong("a plan is wanted, be it small; answer complex, with at least two tasks");
    }
    if (answer.kind !== "complex") return { kind: "stands", assessment: answer };
    const problems = checkPlan(answer.plan);
    if (problems.length > 0) return wrong(problems.map(({ say }) => say).join("\n"));
    const doubts = doubted ? [] : overlapping(answer.plan);
    if (doubts.length === 0) return { kind: "stands", assessment: answer };
    doubted = true;
    return { kind: "doubtful", say: cut(doubts.join("\n"), MOST_SAID) };
  };
}

const wrong = (say: string): Verdict => ({ kind: "wrong", say: cut(say, MOST_SAID) });

function overlapping(plan: Plan): string[] {
  return overlaps(plan).map(
    ({ a, b, files }) => `${a} and ${b} both touch ${files.join(", ")}, and neither comes after the other.`,
  );
}
