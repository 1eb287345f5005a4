import type { CoreV1Event, V1ContainerStatus, V1Job, V1Pod } from "@kubernetes/client-node";

import { parseOutcome } from "../../../../agent-pod/contract/outcome.ts";
import type { Outcome } from "../../../../agent-pod/contract/outcome.ts";
import { cut } from "../../../../app/words/cut.ts";
import type { LostReason } from "../cluster.ts";
import { CONTAINER } from "../manifest.ts";
import { befallen, endOfPod, evictedBy, isOver } from "./endOfPod.ts";
import { MARK } from "./marks.ts";
import { timeOf } from "./time.ts";
import { whyWaiting } from "./waiting.ts";

/** What is known of one run: its Job, its pods as last seen, and the warnings about both. */
export interface Sight {
  job: V1Job;
  pods: V1Pod[];
  /** Warnings alone. */
  events: CoreV1Event[];
  /** Whether the Job, or a pod (by uid), isn't there any more: what is given is how it looked last. */
  gone: { job: boolean; pods: ReadonlySet<string> };
  /** Whether the pods were asked for after the Job had ended: the news of them come by another watch, which may be late. */
  asked: boolean;
}

/** How long is waited before a run that hasn't started is given up. */
export interface Patience {
  /** For room: a node, or the quota. */
  roomMs: number;
  /** For its image, its mounts and its settings. */
  startMs: number;
}

export type PodState =
  /** `waits` says what keeps it from starting. */
  | { kind: "running"; waits?: string }
  | { kind: "ended"; at: Date; outcome: Outcome }
  | { kind: "lost"; at: Date; say: string; reason: LostReason };

/** Its state, and when to look again though nothing has changed. */
export interface Verdict {
  state: PodState;
  again: Date | null;
}

const SAY = 600;
/** How much later than a pod's end the warning about it may come, by another watch. */
const EVENTS_MS = 5_000;

/**
 * How a run stands. The order of the questions is the precedence: an outcome that it left in good order says more than
 * whatever befell it on the way.
 */
export function verdictOf(sight: Sight, patience: Patience, now: Date): Verdict {
  const pod = lastPod(sight.pods);
  const ended = pod && outcomeOf(pod);
  if (ended) return wasToldToEnd(ended.outcome, sight.job) ? cutShort(sight, pod, ended, now) : final(ended);
  const removed = removal(sight, now);
  if (removed) return final(removed);
  if (pod && (isOver(pod) || sight.gone.pods.has(pod.metadata?.uid ?? "")))
    return final(lost(endOfPod(pod), endedAt(pod, now)));
  const end = jobEnd(sight.job);
  // Its pod isn't known to have ended: either that is yet to be told, or there is none (any more).
  if (end) return pod || !sight.asked ? running() : final(afterJob(end));
  if (sight.job.spec?.suspend) return running();
  const waiting = whyWaiting(sight, pod);
  if (!waiting) return running();
  const { since, say, reason } = waiting;
  const until = new Date(
    since.getTime() + { none: 0, start: patience.startMs, room: patience.roomMs }[waiting.patience],
  );
  if (now >= until) return final(lost({ say, reason }, now));
  return { state: { kind: "running", waits: cut(say, SAY) }, again: until };
}

const running = (): Verdict => ({ state: { kind: "running" }, again: null });
const final = (state: PodState): Verdict => ({ state, again: null });
const lost = ({ say, reason }: { say: string; reason: LostReason }, at: Date): PodState => ({
  kind: "lost",
  at,
  say: cut(say, SAY),
  reason,
});

/** There is one, unless the cluster lost a pod and made another before it noticed. */
export function lastPod(pods: V1Pod[]): V1Pod | null {
  const age = (pod: V1Pod): number => timeOf(pod.metadata?.creationTimestamp)?.getTime() ?? 0;
  return pods.toSorted((a, b) => age(a) - age(b)).at(-1) ?? null;
}

/** What the runner left. With another exit code it may be what the agent wrote there. */
function outcomeOf(pod: V1Pod): (PodState & { kind: "ended" }) | null {
  const ended = statusOf(pod)?.state?.terminated;
  if (!ended || ended.exitCode !== 0) return null;
  const outcome = parseOutcome(ended.message ?? "");
  return outcome && { kind: "ended", at: timeOf(ended.finishedAt) ?? new Date(0), outcome };
}

/** Whether it knows no more than that somebody told it to end, and the app didn't. */
const wasToldToEnd = (outcome: Outcome, { metadata }: V1Job): boolean =>
  outcome.kind === "failed" && outcome.reason === "stopped" && !metadata?.annotations?.[MARK.stopped];

/** Who or what that was says more; the kubelet tells it of the pod when all of that has ended. */
function cutShort(sight: Sight, pod: V1Pod, ended: PodState & { kind: "ended" }, now: Date): Verdict {
  const removed = removal(sight, ended.at);
  if (removed) return final(removed);
  if (!isOver(pod) && !sight.gone.pods.has(pod.metadata?.uid ?? "")) return running();
  const end = befallen(pod) ?? evictedBy(sight.events);
  if (end) return final(lost(end, endedAt(pod, ended.at)));
  const told = new Date(ended.at.getTime() + EVENTS_MS);
  return now < told ? { ...running(), again: told } : final(ended);
}

const statusOf = (pod: V1Pod): V1ContainerStatus | undefined =>
  pod.status?.containerStatuses?.find(({ name }) => name === CONTAINER);

/** That somebody took it away: the app, or a person with `kubectl`. */
function removal({ job, gone }: Sight, now: Date): PodState | null {
  const stopped = timeOf(job.metadata?.annotations?.[MARK.stopped]);
  if (stopped) return lost({ say: "It was stopped.", reason: "deleted" }, stopped);
  const deleted = timeOf(job.metadata?.deletionTimestamp);
  if (!gone.job && !deleted) return null;
  return lost({ say: "Its Job was deleted from the cluster by hand.", reason: "deleted" }, deleted ?? now);
}

function endedAt(pod: V1Pod, now: Date): Date {
  return (
    timeOf(statusOf(pod)?.state?.terminated?.finishedAt) ?? timeOf(pod.metadata?.deletionTimestamp) ?? now
  );
}

interface JobEnd {
  at: Date;
  reason: string;
}

/** How a Job ended. Once it has, nothing follows. */
export function jobEnd(job: V1Job): JobEnd | null {
  const end = job.status?.conditions?.find(
    ({ type, status }) => status === "True" && (type === "Failed" || type === "Complete"),
  );
  return end ? { at: timeOf(end.lastTransitionTime) ?? new Date(0), reason: end.reason ?? end.type } : null;
}

/** What a Job without a pod tells of its end. */
function afterJob({ at, reason }: JobEnd): PodState {
  if (reason === "PodFailurePolicy")
    return lost({ say: "Its pod was evicted or its node was lost.", reason: "evicted" }, at);
  return lost({ say: "It ended without an outcome, and its pod is gone.", reason: "crashed" }, at);
}
