import type { Checks } from "./checks.ts";
import { retriedAt } from "./attempts.ts";
import type { WorkLane } from "./lanes.ts";
import { ROOT } from "./branches.ts";
import type { Standing } from "./standings.ts";
import { isPending } from "./proposal.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { permitted } from "./wanted.ts";

/** What tasks wait for while a plan, or another one, isn't approved. */
export const APPROVAL = "the plan's approval";

/** GitHub works out mergeability when it is asked, and tells it a little later. */
const UNKNOWN_MS = 3000;
/** A merge that GitHub refuses is tried this often: most refusals are of the moment. */
const REFUSALS = 3;
const REFUSED_MS = 5000;

/** Whether a task's pull request, whose checks are done, is merged now (design §3). */
export function merging(
  s: Snapshot,
  state: State,
  lane: WorkLane,
  pull: Pull,
  checks: Checks,
  now: Date,
): Standing {
  if (isWatched(s, pull)) return { kind: "review", pull, checks };
  const wait = (why: string, ms: number | null): Standing => ({
    kind: "wait",
    until: ms === null ? null : new Date(now.getTime() + ms),
    why,
    pull,
  });
  if (state.runs.some((run) => run.end === null && run.task === ROOT))
    return wait("the root branch is being worked on", null);
  const proposed = state.proposal?.plan.tasks.some((task) => task.id === lane.task);
  if (isPending(state) && !proposed) return { kind: "waits", for: [APPROVAL] };
  if (pull.mergeable === "unknown")
    return wait("GitHub hasn't told yet whether it can be merged", UNKNOWN_MS);
  const refusal = s.refusals[pull.number];
  const retried = retriedAt(state, lane.task);
  if (refusal?.head !== pull.head || (retried !== null && retried > refusal.at.toISOString()))
    return { kind: "merge", pull };
  if (refusal.times >= REFUSALS) return { kind: "blocked", why: { kind: "refused", say: refusal.say } };
  const until = new Date(refusal.at.getTime() + refusal.times * REFUSED_MS);
  return now < until ? { kind: "wait", until, why: refusal.say, pull } : { kind: "merge", pull };
}

/** Whether a person has a say first: a thread is open, or changes were asked for and that was not taken back. */
function isWatched(s: Snapshot, pull: Pull): boolean {
  if (pull.threads.some((thread) => !thread.resolved)) return true;
  const last = new Map(
    pull.reviews
      .filter(
        (review) => !review.ours && ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"].includes(review.state),
      )
      .map((review) => [review.by.login, review]),
  );
  return [...last.values()].some((review) => review.state === "CHANGES_REQUESTED" && permitted(s, review.by));
}
