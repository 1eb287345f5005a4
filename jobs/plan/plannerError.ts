/**
 * Why the planner has no answer: the model can't be used (`unreachable`), its API refuses our key, the tokens are
 * spent, the model answers nonsense, or the repository can't be read.
 */
export type PlannerErrorKind = "unreachable" | "refusedKey" | "budget" | "nonsense" | "clone";

/** An end of the planner's that people should read of. */
export class PlannerError extends Error {
  override readonly name = "PlannerError";
  readonly kind: PlannerErrorKind;
  /** One sentence for people. */
  readonly say: string;

  constructor(kind: PlannerErrorKind, say: string, options?: ErrorOptions) {
    super(say, options);
    this.kind = kind;
    this.say = say;
  }
}
