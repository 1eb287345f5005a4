import { z } from "zod";

import type { Decision } from "../../../agent-pod/gate/decision.ts";
import { kubectl } from "../kubectl.ts";

/** All that a line of it must have. */
const DecisionLine: z.ZodType<Decision> = z.object({
  run: z.string().nullable(),
  verb: z.string(),
  target: z.string(),
  verdict: z.enum(["passed", "refused", "broke"]),
  bytes: z.int().nonnegative(),
  why: z.string(),
});

/** What is expected of a line of the gate's log. */
export interface Line extends Pick<Decision, "run" | "verb" | "target"> {
  why: RegExp;
}

/** The lines of a gate's log that tell of a refusal; each can be claimed once. */
export class Refusals {
  readonly #lines: Decision[];

  private constructor(lines: Decision[]) {
    this.#lines = lines;
  }

  /** Reads them from all pods of the gate. */
  static async in(namespace: string): Promise<Refusals> {
    const selector = "app.kubernetes.io/component=gate";
    const log = await kubectl(["logs", "-n", namespace, "-l", selector, "-c", "gate", "--tail=-1"]);
    const lines = log.split("\n").filter((line) => line.startsWith('{"level"'));
    const decisions = lines.map((line) => DecisionLine.parse(JSON.parse(line)));
    return new Refusals(decisions.filter(({ verdict }) => verdict === "refused"));
  }

  /** Takes one line that is as expected out of it. Throws where there is none. */
  claim(line: Line): void {
    const found = this.#lines.findIndex((each) => isLike(each, line));
    if (found < 0) throw new Error(`No line is ${shown(line)}. Those left: ${JSON.stringify(this.#lines)}`);
    this.#lines.splice(found, 1);
  }

  /** How many lines are as expected, and claimed by nobody. */
  count(line: Line): number {
    return this.#lines.filter((each) => isLike(each, line)).length;
  }
}

const isLike = (line: Decision, { run, verb, target, why }: Line): boolean =>
  line.run === run && line.verb === verb && line.target === target && why.test(line.why);

const shown = (line: Line): string => JSON.stringify({ ...line, why: String(line.why) });
