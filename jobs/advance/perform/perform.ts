import { Later } from "../../../app/bucket.ts";
import type { Effect } from "../decide/effects.ts";
import { createBranch } from "./createBranch.ts";
import { deleteBranch } from "./deleteBranch.ts";
import { deleteComment } from "./deleteComment.ts";
import { editComment } from "./editComment.ts";
import { editPull } from "./editPull.ts";
import { forget } from "./forget.ts";
import { label } from "./label.ts";
import { readLogs } from "./logs.ts";
import type { Logs } from "./logs.ts";
import { merge } from "./merge.ts";
import { openPull } from "./openPull.ts";
import type { PerformPorts } from "./ports.ts";
import { react } from "./react.ts";
import { ready } from "./ready.ts";
import { reply } from "./reply.ts";
import { requestReview } from "./requestReview.ts";
import { run } from "./run.ts";
import { say } from "./say.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";

/**
 * Performs `effects` in their order, those at once of which none rests on another; `still` is asked before and throws when
 * the work is no longer ours. The first that fails ends it: what comes after may rest on it. One that can't be done yet is
 * left out where nothing rests on it. Returns after how many ms what was left out is to be tried again; null: all was done.
 */
export async function perform(
  effects: Effect[],
  ports: PerformPorts,
  still: () => Promise<void>,
): Promise<number | null> {
  const waits: number[] = [];
  const logs = readLogs(effects, ports);
  const doneOrLeft = async (effect: Effect): Promise<void> => {
    try {
      await one(effect, ports, logs);
    } catch (error) {
      if (!(error instanceof Later) || !mayWait(effect)) throw error;
      waits.push(error.ms);
    }
  };
  for (const row of rowsOf(effects)) {
    // A run is the list of what follows from it: it stays for what was left out.
    if (row[0]?.kind === "forget" && waits.length > 0) continue;
    await still();
    const done = await Promise.allSettled(row.map(doneOrLeft));
    const failed = done.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
  }
  return waits.length > 0 ? Math.min(...waits) : null;
}

/** What comes one after the other and may be done at once: effects on different runs, of one kind. */
function rowsOf(effects: Effect[]): Effect[][] {
  const rows: Effect[][] = [];
  for (const effect of effects) {
    const row = rows.at(-1);
    if (isOnRun(effect) && row?.[0]?.kind === effect.kind) row.push(effect);
    else rows.push([effect]);
  }
  return rows;
}

const isOnRun = ({ kind }: Effect): boolean => kind === "run" || kind === "stop" || kind === "forget";

/** What is only shown, and what the other effects of a look don't rest on; a later look asks for it again. */
function mayWait(effect: Effect): boolean {
  switch (effect.kind) {
    case "status":
      return effect.rank === "display";
    case "deleteBranch":
    case "deleteComment":
    case "editComment":
    case "editPull":
    case "merge":
    case "openPull":
    case "run":
      return true;
    case "label":
    case "react":
    case "say":
    case "reply":
    case "ready":
    case "createBranch":
    case "requestReview":
    case "stop":
    case "forget":
      return false;
  }
}

function one(effect: Effect, ports: PerformPorts, logs: Logs): Promise<void> {
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
    case "editComment":
      return editComment(effect, ports);
    case "openPull":
      return openPull(effect, ports);
    case "editPull":
      return editPull(effect, ports);
    case "ready":
      return ready(effect, ports);
    case "merge":
      return merge(effect, ports);
    case "createBranch":
      return createBranch(effect, ports);
    case "requestReview":
      return requestReview(effect, ports);
    case "run":
      return run(effect, ports, logs);
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
