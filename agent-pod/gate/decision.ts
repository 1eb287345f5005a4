/** One line of the gate's log. */
export interface Decision {
  /** Null while the pass isn't known to be good. */
  run: string | null;
  verb: string;
  target: string;
  verdict: "passed" | "refused" | "broke";
  /** Bytes of the request's or the answer's body, whichever carries what was asked for. */
  bytes: number;
  why: string;
}

/** What a route tells of a request that it let pass or answered with a refusal of its own. */
export type Told = Pick<Decision, "target" | "bytes" | "why"> & { verdict?: "passed" | "refused" };
