import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

import type { LostReason } from "../cluster.ts";
import { CONTAINER } from "../manifest.ts";
import { timeOf } from "./time.ts";

/** What keeps a run from starting, and what it is lost to where that doesn't change. */
interface Waiting {
  say: string;
  reason: LostReason;
  since: Date;
  /** How long that may last: not at all, as long as a start takes, or as long as room is waited for. */
  patience: "none" | "start" | "room";
}

/** What keeps the run from starting, or null where nothing does, as far as the cluster says. */
export function whyWaiting({ events }: { events: CoreV1Event[] }, pod: V1Pod | null): Waiting | null {
  if (!pod) return neverCreated(events);
  if (pod.status?.phase === "Running") return null;
  return unschedulable(pod) ?? stuckContainer(pod) ?? stuckMount(pod, events);
}

/** The Job's controller was refused the pod, and tries again by itself. */
function neverCreated(events: CoreV1Event[]): Waiting | null {
  const event = latest(events, "FailedCreate");
  if (!event) return null;
  const words = oneLine(event.message);
  const since = timeOf(event.firstTimestamp) ?? eventTime(event);
  if (/exceeded quota/.test(words))
    return {
      say: `There is no room for its pod in the quota: ${words}`,
      reason: "quota",
      since,
      patience: "room",
    };
  return {
    say: `The cluster refuses its pod: ${words}`,
    reason: "admission",
    since,
    patience: isRefusal(words) ? "none" : "start",
  };
}

/** A refusal by rule, which stays; all else (a webhook that doesn't answer) may pass. */
const isRefusal = (words: string): boolean =>
  /violates PodSecurity|denied the request|is forbidden|is invalid|failed quota/.test(words) &&
  !/failed calling webhook/.test(words);

function unschedulable({ status, metadata }: V1Pod): Waiting | null {
  const condition = status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (condition?.reason !== "Unschedulable") return null;
  const since = timeOf(metadata?.creationTimestamp) ?? new Date(0);
  return {
    say: `No node has room for it: ${oneLine(condition.message)}`,
    reason: "unschedulable",
    since,
    patience: "room",
  };
}

/** Why a container waits. https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/images/types.go, ../container/sync_result.go */
const NO_IMAGE = ["InvalidImageName", "ErrImageNeverPull"];
const NOT_PULLED = [
  "ErrImagePull",
  "ImagePullBackOff",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
];
const NOT_MADE = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"];

function stuckContainer(pod: V1Pod): Waiting | null {
  const waiting = pod.status?.containerStatuses?.find(({ name }) => name === CONTAINER)?.state?.waiting;
  const image = pod.spec?.containers.find(({ name }) => name === CONTAINER)?.image ?? "";
  const why = waiting?.reason ?? "";
  const since = scheduledAt(pod);
  const words = oneLine(waiting?.message);
  if (NO_IMAGE.includes(why))
    return { say: `Its image ${image} can't be used: ${words}`, reason: "image", since, patience: "none" };
  if (NOT_PULLED.includes(why))
    return { say: `Its image ${image} can't be pulled: ${words}`, reason: "image", since, patience: "start" };
  if (NOT_MADE.includes(why))
    return { say: `Its container can't be made: ${words}`, reason: "config", since, patience: "start" };
  return null;
}

function stuckMount(pod: V1Pod, events: CoreV1Event[]): Waiting | null {
  const event = latest(events, "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox");
  if (!event) return null;
  return {
    say: `Its pod can't be set up: ${oneLine(event.message)}`,
    reason: "config",
    since: scheduledAt(pod),
    patience: "start",
  };
}

function scheduledAt({ status, metadata }: V1Pod): Date {
  const scheduled = status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "True",
  );
  return timeOf(scheduled?.lastTransitionTime) ?? timeOf(metadata?.creationTimestamp) ?? new Date(0);
}

function latest(events: CoreV1Event[], ...reasons: string[]): CoreV1Event | null {
  const found = events.filter(({ reason }) => reasons.includes(reason ?? ""));
  return found.toSorted((a, b) => eventTime(a).getTime() - eventTime(b).getTime()).at(-1) ?? null;
}

function eventTime(event: CoreV1Event): Date {
  return timeOf(event.lastTimestamp) ?? timeOf(event.metadata.creationTimestamp) ?? new Date(0);
}

const oneLine = (text: string | undefined): string => (text ?? "").replace(/\s+/g, " ").trim();
