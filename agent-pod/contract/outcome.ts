import { z } from "zod";

/** The container's termination message is cut at this many bytes by Kubernetes. */
export const OUTCOME_BYTES = 4096;

/** Why a run failed, for the rule that answers it; `say` is the sentence for people. */
export const FailureReason = z.enum([
  "setup", // a setup command of the repository failed
  "tests", // they fail, and the agent couldn't mend it; its work is pushed all the same
  "clone", // the gate or the repository could not be reached
  "network", // more than the gate could be reached: nothing holds the pod back
  "agent", // the agent crashed, or refused
  "time", // past its minutes
  "budget", // the gate refused the model: past its tokens
  "model", // the model could not be reached, or refused the key
  "stopped", // a person ended it while the agent worked
  "push", // the push failed for another reason than the rules
  "runner", // the runner itself broke
]);

const text = (max: number) => z.string().max(max);

/**
 * How a run ended (design §4). It comes from where hostile code ran: parsed strictly, shown as text, and never
 * believed for what another source tells (the head commit, spend, passing).
 */
export const Outcome = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("pushed"),
    /** For the pull request: a title, then what, why and how it was tested. */
    title: text(200),
    what: text(1500),
    why: text(700),
    tested: text(700),
  }),
  z.strictObject({ kind: z.literal("nothing"), say: text(1500) }),
  z.strictObject({ kind: z.literal("asks"), question: text(2500) }),
  z.strictObject({ kind: z.literal("failed"), reason: FailureReason, say: text(1500) }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** The outcome in `text`, or null if it is not exactly one (a false one is as good as none). */
export function parseOutcome(text: string): Outcome | null {
  if (Buffer.byteLength(text) > OUTCOME_BYTES) return null;
  try {
    return Outcome.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** `outcome` as the termination message: its longest words are shortened until it fits `OUTCOME_BYTES`. */
export function printOutcome(outcome: Outcome): string {
  let fields: Record<string, string> = { ...outcome };
  for (;;) {
    const printed = JSON.stringify(fields);
    if (Buffer.byteLength(printed) <= OUTCOME_BYTES) return printed;
    const [longest] = Object.entries(fields).sort((a, b) => b[1].length - a[1].length);
    if (!longest) return printed;
    fields = { ...fields, [longest[0]]: `${longest[1].slice(0, Math.floor(longest[1].length * 0.8))}…` };
  }
}
