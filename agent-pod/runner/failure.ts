import type { z } from "zod";

import type { FailureReason } from "../contract/outcome.ts";

/** What ends a run as `failed`: its message is the sentence that people read. */
export class RunFailure extends Error {
  readonly reason: z.infer<typeof FailureReason>;

  constructor(reason: z.infer<typeof FailureReason>, say: string) {
    super(say);
    this.name = "RunFailure";
    this.reason = reason;
  }
}
