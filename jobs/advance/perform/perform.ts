import { Later } from "../../../app/bucket.ts";
import type { Effect } from "../decide/effects.ts";
import { deleteBranch } from "./deleteBranch.ts";
import { deleteComment } from "./deleteComment.ts";
import { forget } from "./forget.ts";
import { label } from "./label.ts";
import { openPull } from "./openPull.ts";
import type { PerformPorts } from "./ports.ts";
import { react } from "./react.ts";
import { reply } from "./reply.ts";
import { requestReview } from "./requestReview.ts";
import { run } from "./run.ts";
import { say } from "./say.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

/**
 * Performs `effects` in their order; `still` is asked before each and throws when the work is no longer ours. The first
 * that fails ends it: what comes after may rest on it. Returns those that were dropped because writes are short.
 */
export async function perform(
  effects: Effect[],
  ports: PerformPorts,
  still: () => Promise<void>,
): Promise<Effect[]> {
  const dropped: Effect[] = [];
  for (const effect of effects) {
    await still();
    try {
      await one(effect, ports);
    } catch (error) {
      if (!(error instanceof Later) || !isDisplay(effect)) throw error;
      dropped.push(effect);
    }
  }
  return dropped;
}

/** What is only shown is dropped when writes are short; a later look asks for it again. */
const isDisplay = (effect: Effect): boolean =>
  (effect.kind === "status" && effect.rank === "display") ||
  effect.kind === "deleteBranch" ||
  effect.kind === "deleteComment";

function one(effect: Effect, ports: PerformPorts): Promise<void> {
  switch (effect.kind) {
    case "status":
      return status(effect, ports);
    case "label":
      return label(effect.label, ports);
    case "react":
      return react(effect, ports);
    case "say":
      return say(effect, ports);
    case "reply":
      return reply(effect, ports);
    case "openPull":
      return openPull(effect, ports);
    case "requestReview":
      return requestReview(effect, ports);
    case "run":
      return run(effect, ports);
    case "stop":
      return stop(effect, ports);
    case "forget":
      return forget(effect, ports);
    case "deleteBranch":
      return deleteBranch(effect, ports);
    case "deleteComment":
      return deleteComment(effect, ports);
  }
}
