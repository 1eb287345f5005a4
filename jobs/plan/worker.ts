import { mkdir } from "node:fs/promises";

import type { Planner } from "../run/follow.ts";
import { assess } from "./planner.ts";
import { PlannerError } from "./plannerError.ts";

/** Ends that another attempt may mend by itself. */
const PASSING = new Set(["unreachable", "clone"]);

/** The planner behind the gate at `gateUrl`; its clones are made in `dir`. */
export function planner({ gateUrl, dir }: { gateUrl: string; dir: string }): Planner {
  return {
    async assess(order, pass, closing) {
      const [owner = "", name = ""] = order.labels.repository.split("/");
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const signal = AbortSignal.any([closing, AbortSignal.timeout(order.minutes * 60_000)]);
      try {
        const { assessment, tokens } = await assess({
          gateUrl,
          pass,
          model: order.terms.llm.models[0] ?? "",
          dir,
          signal,
          repository: { owner, name },
          ...order.ask,
          quotes: [],
        });
        return { kind: "assessed", assessment, tokens };
      } catch (error) {
        if (error instanceof PlannerError)
          return { kind: "failed", say: error.say, retry: PASSING.has(error.kind), tokens: 0 };
        if (closing.aborted || !signal.aborted) throw error;
        return {
          kind: "failed",
          say: `The planner ran past its ${order.minutes} minutes.`,
          retry: true,
          tokens: 0,
        };
      }
    },
  };
}
