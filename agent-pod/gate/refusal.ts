/** Why the gate refuses, for programs: the runner and the planner tell these apart. */
export type RefusalCode =
  | "no_pass" // none
  | "bad_pass" // changed, expired, of another app or attempt, or used from elsewhere than at first
  | "no_lease" // nobody follows the run now, or what it spent isn't known
  | "redis_unreachable"
  | "not_here" // no such route
  | "not_allowed"
  | "bad_request"
  | "too_large"
  | "too_slow"
  | "too_many" // requests of one run at once
  | "budget_spent"
  | "model_refused_key"
  | "model_unreachable"
  | "model_error"
  | "github_refused"
  | "github_unreachable"
  | "host_unreachable" // a tunnel's
  | "gate_broke";

/** A "no" of the gate's: its message is the one sentence that the asking program shows. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly headers: Record<string, string>;

  constructor(status: number, code: RefusalCode, sentence: string, headers: Record<string, string> = {}) {
    super(sentence);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
