import type { CoreV1Event, V1ContainerStateTerminated, V1Pod } from "@kubernetes/client-node";

import type { LostReason } from "../cluster.ts";
import { CONTAINER } from "../manifest.ts";

interface End {
  say: string;
  reason: LostReason;
}

/** Whether a pod's containers have ended for good. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase */
export const isOver = (pod: V1Pod): boolean =>
  pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

/** Whether its container runs or has run: then there is a log. */
export function hasBegun(pod: V1Pod): boolean {
  const state = pod.status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state;
  return state?.running !== undefined || state?.terminated !== undefined;
}

/** How a pod that is over, or gone, ended without an outcome: what befell the pod first, then what its container did. */
export function endOfPod(pod: V1Pod): End {
  return befallen(pod) ?? containerEnd(pod);
}

const PREEMPTED: End = {
  say: "It was preempted: a pod of a higher priority took its place.",
  reason: "preempted",
};
const NODE_LOST: End = { say: "Its node was lost.", reason: "node" };
const NODE_DOWN: End = { say: "It was evicted: its node shut down.", reason: "evicted" };

/** What the kubelet says of the pod as a whole in `status.reason`, beside what has words of its own. */
const REASONS = new Map<string | undefined, End>([
  ["DeadlineExceeded", { say: "It didn't end by itself and was ended at its deadline.", reason: "deadline" }],
  ["Preempting", PREEMPTED],
  ["NodeLost", NODE_LOST],
  ["NodeShutdown", NODE_DOWN],
  ["Terminated", NODE_DOWN],
]);

/** https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions */
const DISRUPTIONS = new Map<string | undefined, End>([
  ["PreemptionByScheduler", PREEMPTED],
  ["DeletionByTaintManager", NODE_LOST],
  ["DeletionByPodGC", NODE_LOST],
  ["EvictionByEvictionAPI", { say: "It was evicted: its node was drained.", reason: "evicted" }],
  [
    "TerminationByKubelet",
    { say: "It was evicted: its node was short of resources or shut down.", reason: "evicted" },
  ],
]);

/** What was done to a pod from outside, if anything was. */
export function befallen(pod: V1Pod): End | null {
  const { status, metadata } = pod;
  const said = REASONS.get(status?.reason);
  if (said) return said;
  const words = sentence(status?.message);
  if (status?.reason === "Evicted") return evicted(words);
  // The kubelet had its own look at what the scheduler gave it.
  if (/^(?:OutOf|NodeAffinity|UnexpectedAdmissionError)/.test(status?.reason ?? ""))
    return { say: `Its node had no room for it after all.${words}`, reason: "evicted" };
  const disruption = status?.conditions?.find(
    (each) => each.type === "DisruptionTarget" && each.status === "True",
  );
  if (disruption)
    return (
      DISRUPTIONS.get(disruption.reason) ?? {
        say: `It was disrupted.${sentence(disruption.message)}`,
        reason: "evicted",
      }
    );
  return metadata?.deletionTimestamp && !isOutOfMemory(endOf(pod))
    ? { say: "Its pod was deleted from the cluster by hand.", reason: "deleted" }
    : null;
}

/** The pod's own use, which would be the same elsewhere, or the node's shortage. */
function evicted(words: string): End {
  return /exceed(?:s|ed) (?:its local ephemeral storage limit|the (?:total )?limit)/.test(words)
    ? { say: `It ran out of disk.${words}`, reason: "disk" }
    : { say: `It was evicted.${words}`, reason: "evicted" };
}

/** The kubelet warns of each eviction; a pod whose containers end well within it counts as succeeded, and tells nothing of it. */
export function evictedBy(events: CoreV1Event[]): End | null {
  const event = events.find(({ reason }) => reason === "Evicted");
  return event ? evicted(sentence(event.message)) : null;
}

function containerEnd(pod: V1Pod): End {
  const end = endOf(pod);
  if (!end) return { say: "It ended without an outcome, and its container is gone.", reason: "crashed" };
  if (isOutOfMemory(end)) return { say: `It ran out of memory${limitOf(pod, "memory")}.`, reason: "memory" };
  if (end.reason === "StartError" || end.reason === "ContainerCannotRun")
    return { say: `Its container can't be started.${sentence(end.message)}`, reason: "config" };
  if (end.reason === "ContainerStatusUnknown") return NODE_LOST;
  if (end.exitCode === 0) return { say: "It ended without an outcome.", reason: "crashed" };
  return { say: `It ended without an outcome (exit code ${end.exitCode}).`, reason: "crashed" };
}

const endOf = ({ status }: V1Pod): V1ContainerStateTerminated | undefined =>
  status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state?.terminated;

const isOutOfMemory = (end: V1ContainerStateTerminated | undefined): boolean => end?.reason === "OOMKilled";

function limitOf(pod: V1Pod, resource: string): string {
  const limit = pod.spec?.containers.find(({ name }) => name === CONTAINER)?.resources?.limits?.[resource];
  return limit === undefined ? "" : ` (its limit is ${limit})`;
}

/** The cluster's own words, to go after ours. */
function sentence(message: string | undefined): string {
  const text = (message ?? "").replace(/\s+/g, " ").trim();
  return text === "" ? "" : ` ${text.replace(/\.$/, "")}.`;
}
