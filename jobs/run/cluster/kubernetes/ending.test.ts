import type { CoreV1Event, V1Job, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { expect, test } from "vitest";

import { mayGoBetter } from "../cluster.ts";
import { verdictOf } from "./ending.ts";
import type { Sight } from "./ending.ts";
import { MARK } from "./marks.ts";

/** As the API gives it: not an instance of the client's class. */
type Plain<T> = { [key in keyof T]: T[key] };
type Status = Plain<V1PodStatus>;
type Meta = Plain<NonNullable<V1Pod["metadata"]>>;

const minutes = (count: number): Date => new Date(Date.UTC(2026, 10, 21, 9, count));
const START = minutes(0);
const END = minutes(5);
const NOW = minutes(6);
const patience = { roomMs: 30 * 60_000, startMs: 3 * 60_000 };

const job = (more: Partial<V1Job> = {}): V1Job => ({
  metadata: { name: "cx-1", uid: "j", creationTimestamp: START, annotations: {} },
  spec: { suspend: false, template: {} },
  ...more,
});
const pod = (status: Status, metadata: Meta = {}): V1Pod => ({
  metadata: { name: "cx-1-abcde", uid: "p", creationTimestamp: START, ...metadata },
  spec: { containers: [{ name: "agent", image: "agent:1", resources: { limits: { memory: "64Mi" } } }] },
  status,
});
const sight = (more: Partial<Sight> = {}): Sight => ({
  job: job(),
  pods: [],
  events: [],
  gone: { job: false, pods: new Set() },
  asked: false,
  ...more,
});
const container = (state: NonNullable<V1PodStatus["containerStatuses"]>[number]["state"]): Status => ({
  containerStatuses: [
    { name: "agent", image: "agent:1", imageID: "", ready: false, restartCount: 0, ...(state && { state }) },
  ],
});
const ended = (exitCode: number, reason: string, message = ""): Status => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  ...container({ terminated: { exitCode, reason, message, finishedAt: END } }),
});
const waiting = (reason: string, message: string): Status => ({
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: START }],
  ...container({ waiting: { reason, message } }),
});
const disrupted = (reason: string, message = ""): Status => ({
  ...ended(143, "Error"),
  conditions: [{ type: "DisruptionTarget", status: "True", reason, message }],
});
const evicted = (message: string): Status => ({ ...ended(137, "Error"), reason: "Evicted", message });
const event = (reason: string, message: string, at = START): CoreV1Event => ({
  metadata: {},
  involvedObject: {},
  reason,
  message,
  firstTimestamp: at,
  lastTimestamp: at,
});
const OUTCOME = JSON.stringify({ kind: "nothing", say: "It is right already." });

test.each<[string, Status]>([
  ["in good order", ended(0, "Completed", OUTCOME)],
  ["though a child was killed for memory (cgroup v1)", ended(0, "OOMKilled", OUTCOME)],
  ["though it was preempted", { ...disrupted("PreemptionByScheduler"), ...ended(0, "Completed", OUTCOME) }],
  [
    "though it was past its deadline",
    { ...ended(0, "Completed", OUTCOME), phase: "Failed", reason: "DeadlineExceeded" },
  ],
])("an outcome that was left with exit code 0 counts: %s", (_, status) => {
  const stopped = job({ metadata: { annotations: { [MARK.stopped]: NOW.toISOString() } } });
  for (const seen of [
    sight(),
    sight({ job: stopped }),
    sight({ gone: { job: true, pods: new Set(["p"]) } }),
  ]) {
    expect(verdictOf({ ...seen, pods: [pod(status)] }, patience, NOW).state).toEqual({
      kind: "ended",
      at: END,
      outcome: { kind: "nothing", say: "It is right already." },
    });
  }
});

const STOPPED = { kind: "failed", reason: "stopped", say: "It was stopped; what it had is pushed." } as const;
const toldToEnd = (more: Status = {}): Status => ({
  ...ended(0, "Completed", JSON.stringify(STOPPED)),
  ...more,
});

test.each<[string, Partial<Sight>, V1Pod, say: string]>([
  [
    "evicted",
    {},
    pod({ ...disrupted("EvictionByEvictionAPI"), ...toldToEnd() }, { deletionTimestamp: END }),
    "It was evicted: its node was drained.",
  ],
  [
    "past its deadline",
    {},
    pod(toldToEnd({ phase: "Failed", reason: "DeadlineExceeded" })),
    "It didn't end by itself and was ended at its deadline.",
  ],
  [
    "out of disk",
    {},
    pod(toldToEnd({ phase: "Failed", reason: "Evicted", message: "Pod exceeds the total limit 1Gi" })),
    "It ran out of disk. Pod exceeds the total limit 1Gi.",
  ],
  [
    "out of disk, and its pod counts as succeeded",
    { events: [event("Evicted", "Pod ephemeral local storage usage exceeds the total limit 20Mi.")] },
    pod(toldToEnd()),
    "It ran out of disk. Pod ephemeral local storage usage exceeds the total limit 20Mi.",
  ],
  [
    "its pod deleted",
    {},
    pod(toldToEnd(), { deletionTimestamp: END }),
    "Its pod was deleted from the cluster by hand.",
  ],
  [
    "its Job deleted",
    { gone: { job: true, pods: new Set() } },
    pod(toldToEnd(), { deletionTimestamp: END }),
    "Its Job was deleted from the cluster by hand.",
  ],
])("a run that knows only that it was told to end: %s", (_, more, seen, say) => {
  expect(verdictOf(sight({ ...more, pods: [seen] }), patience, NOW).state).toMatchObject({
    kind: "lost",
    say,
  });
});

test("a run that was told to end has ended when its pod has: only then that tells why", () => {
  const { phase: _, ...running } = toldToEnd();
  const verdict = verdictOf(sight({ pods: [pod({ ...running, phase: "Running" })] }), patience, NOW);
  expect(verdict.state).toEqual({ kind: "running" });
});

test("a run that was told to end waits for the warning that may tell why", () => {
  const seen = sight({ pods: [pod(toldToEnd())] });
  const again = new Date(END.getTime() + 5_000);
  expect(verdictOf(seen, patience, END)).toEqual({ state: { kind: "running" }, again });
  expect(verdictOf(seen, patience, again)).toMatchObject({ state: { kind: "ended" }, again: null });
});

test("a run that the app, or a person's note, told to end says so itself", () => {
  const ended = { kind: "ended", outcome: STOPPED };
  const byApp = sight({
    job: job({ metadata: { annotations: { [MARK.stopped]: NOW.toISOString() } } }),
    pods: [pod(toldToEnd(), { deletionTimestamp: END })],
  });
  expect(verdictOf(byApp, patience, NOW).state).toMatchObject(ended);
  expect(verdictOf(sight({ pods: [pod(toldToEnd())] }), patience, NOW).state).toMatchObject(ended);
});

test.each<[string, Status, sentence: string, reason: string]>([
  [
    "a forged outcome of one that was killed",
    ended(137, "Error", OUTCOME),
    "It ended without an outcome (exit code 137).",
    "crashed",
  ],
  ["no outcome", ended(0, "Completed", ""), "It ended without an outcome.", "crashed"],
  ["no valid outcome", ended(0, "Completed", '{"kind":"merged"}'), "It ended without an outcome.", "crashed"],
  ["a crash", ended(1, "Error", "boom"), "It ended without an outcome (exit code 1).", "crashed"],
  ["out of memory", ended(137, "OOMKilled"), "It ran out of memory (its limit is 64Mi).", "memory"],
  [
    "a command that isn't there",
    ended(128, "StartError", 'exec: "coxswain": executable file not found in $PATH'),
    'Its container can\'t be started. exec: "coxswain": executable file not found in $PATH.',
    "config",
  ],
  [
    "past its deadline",
    {
      ...ended(137, "Error"),
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    },
    "It didn't end by itself and was ended at its deadline.",
    "deadline",
  ],
  [
    "out of disk, by the container",
    evicted('Container agent exceeded its local ephemeral storage limit "10Gi". '),
    'It ran out of disk. Container agent exceeded its local ephemeral storage limit "10Gi".',
    "disk",
  ],
  [
    "out of disk, by the pod",
    evicted("Pod ephemeral local storage usage exceeds the total limit of containers 10Gi. "),
    "It ran out of disk. Pod ephemeral local storage usage exceeds the total limit of containers 10Gi.",
    "disk",
  ],
  [
    "out of disk, by a volume",
    evicted('Usage of EmptyDir volume "work" exceeds the limit "1Gi". '),
    'It ran out of disk. Usage of EmptyDir volume "work" exceeds the limit "1Gi".',
    "disk",
  ],
  [
    "evicted for the node's disk",
    evicted("The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi. "),
    "It was evicted. The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi.",
    "evicted",
  ],
  ["drained", disrupted("EvictionByEvictionAPI"), "It was evicted: its node was drained.", "evicted"],
  [
    "preempted",
    disrupted("PreemptionByScheduler"),
    "It was preempted: a pod of a higher priority took its place.",
    "preempted",
  ],
  ["a node that stopped answering", disrupted("DeletionByTaintManager"), "Its node was lost.", "node"],
  ["a node that is gone", disrupted("DeletionByPodGC"), "Its node was lost.", "node"],
  [
    "a node that shuts down",
    { ...disrupted("TerminationByKubelet"), reason: "Terminated" },
    "It was evicted: its node shut down.",
    "evicted",
  ],
  ["a container that the kubelet lost", ended(137, "ContainerStatusUnknown"), "Its node was lost.", "node"],
  ["a disruption yet unknown", disrupted("Novel", "Because."), "It was disrupted. Because.", "evicted"],
  [
    "a node that was full after all",
    { phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource: cpu" },
    "Its node had no room for it after all. Node didn't have enough resource: cpu.",
    "evicted",
  ],
])("%s is told", (_, status, say, reason) => {
  const { state } = verdictOf(sight({ pods: [pod(status)] }), patience, NOW);
  expect(state).toEqual({ kind: "lost", at: expect.any(Date) as Date, say, reason });
});

test("a pod that was deleted by hand, ended or just gone", () => {
  const state = {
    kind: "lost",
    at: END,
    say: "Its pod was deleted from the cluster by hand.",
    reason: "deleted",
  };
  const killed = pod(ended(137, "Error"), { deletionTimestamp: END });
  expect(verdictOf(sight({ pods: [killed] }), patience, NOW).state).toEqual(state);
  const forced = pod({ phase: "Running" }, { deletionTimestamp: END });
  expect(verdictOf(sight({ pods: [forced] }), patience, NOW).state).toEqual({ kind: "running" });
  const gone = { job: false, pods: new Set(["p"]) };
  expect(verdictOf(sight({ pods: [forced], gone }), patience, NOW).state).toEqual(state);
});

test("a Job that was deleted by hand, and one that we stopped", () => {
  const running = [pod({ phase: "Running" })];
  const gone = { job: true, pods: new Set<string>() };
  const say = "Its Job was deleted from the cluster by hand.";
  expect(verdictOf(sight({ pods: running, gone }), patience, NOW).state).toMatchObject({
    say,
    at: NOW,
    reason: "deleted",
  });
  const leaving = job({ metadata: { deletionTimestamp: END } });
  expect(verdictOf(sight({ pods: running, job: leaving }), patience, NOW).state).toMatchObject({
    say,
    at: END,
  });
  const stopped = job({ metadata: { annotations: { [MARK.stopped]: END.toISOString() } } });
  expect(verdictOf(sight({ job: stopped, gone }), patience, NOW).state).toMatchObject({
    say: "It was stopped.",
    at: END,
  });
});

test.each<[string, Partial<Sight>, minutes: number, sentence: string, reason: string]>([
  [
    "no room on any node",
    {
      pods: [
        pod({
          phase: "Pending",
          conditions: [
            {
              type: "PodScheduled",
              status: "False",
              reason: "Unschedulable",
              message: "0/1 nodes are available: 1 Insufficient memory.",
            },
          ],
        }),
      ],
    },
    30,
    "No node has room for it: 0/1 nodes are available: 1 Insufficient memory.",
    "unschedulable",
  ],
  [
    "no room in the quota",
    {
      events: [
        event(
          "FailedCreate",
          'Error creating: pods "cx-1-abcde" is forbidden: exceeded quota: agents, requested: pods=1, used: pods=1, limited: pods=1',
        ),
      ],
    },
    30,
    'There is no room for its pod in the quota: Error creating: pods "cx-1-abcde" is forbidden: exceeded quota: agents, requested: pods=1, used: pods=1, limited: pods=1',
    "quota",
  ],
  [
    "an admission webhook that doesn't answer",
    {
      events: [
        event("FailedCreate", 'Error creating: Internal error occurred: failed calling webhook "x": timeout'),
      ],
    },
    3,
    'The cluster refuses its pod: Error creating: Internal error occurred: failed calling webhook "x": timeout',
    "admission",
  ],
  [
    "an image that can't be pulled",
    { pods: [pod(waiting("ImagePullBackOff", 'Back-off pulling image "agent:1"'))] },
    3,
    'Its image agent:1 can\'t be pulled: Back-off pulling image "agent:1"',
    "image",
  ],
  [
    "a container whose settings name what isn't there",
    { pods: [pod(waiting("CreateContainerConfigError", 'configmap "ca" not found'))] },
    3,
    'Its container can\'t be made: configmap "ca" not found',
    "config",
  ],
  [
    "a volume that can't be mounted",
    {
      pods: [pod(waiting("ContainerCreating", ""))],
      events: [event("FailedMount", 'MountVolume.SetUp failed for volume "ca" : configmap "ca" not found')],
    },
    3,
    'Its pod can\'t be set up: MountVolume.SetUp failed for volume "ca" : configmap "ca" not found',
    "config",
  ],
])("%s is waited for, and then given up", (_, seen, until, say, reason) => {
  const early = verdictOf(sight(seen), patience, minutes(1));
  expect(early).toEqual({ state: { kind: "running", waits: say }, again: minutes(until) });
  const late = verdictOf(sight(seen), patience, minutes(until));
  expect(late).toEqual({ state: { kind: "lost", at: minutes(until), say, reason }, again: null });
});

test.each<[string, Partial<Sight>, sentence: RegExp, reason: string]>([
  [
    "pod security",
    { events: [event("FailedCreate", 'pods "x" is forbidden: violates PodSecurity "restricted:latest"')] },
    /refuses its pod: .*violates/,
    "admission",
  ],
  [
    "a webhook's no",
    { events: [event("FailedCreate", 'admission webhook "x" denied the request: no')] },
    /refuses its pod: .*denied/,
    "admission",
  ],
  [
    "a quota that asks for limits",
    { events: [event("FailedCreate", "failed quota: q: must specify limits.cpu")] },
    /must specify/,
    "admission",
  ],
  [
    "a name that is no image",
    { pods: [pod(waiting("InvalidImageName", "couldn't parse image name"))] },
    /agent:1 can't be used/,
    "image",
  ],
])("%s is given up at once, for a person", (_, seen, say, reason) => {
  const { state } = verdictOf(sight(seen), patience, START);
  expect(state).toEqual({ kind: "lost", at: START, say: expect.stringMatching(say) as string, reason });
  expect(state.kind === "lost" && mayGoBetter(state.reason)).toBe(false);
});

test.each<[string, Partial<Sight>]>([
  ["its Job was just made", { job: job({ spec: { suspend: true, template: {} } }) }],
  ["its pod isn't there yet", {}],
  ["its image is being pulled", { pods: [pod(waiting("ContainerCreating", ""))] }],
  [
    "it is at work, whatever was in its way before",
    { pods: [pod({ phase: "Running" })], events: [event("FailedMount", "x"), event("FailedCreate", "y")] },
  ],
])("it runs: %s", (_, seen) => {
  expect(verdictOf(sight(seen), patience, NOW)).toEqual({ state: { kind: "running" }, again: null });
});

test("a Job that ended tells how only where its pods were asked for, and there is none", () => {
  const failed = (reason: string) =>
    job({ status: { conditions: [{ type: "Failed", status: "True", reason, lastTransitionTime: END }] } });
  const crashed = failed("BackoffLimitExceeded");
  const running = { state: { kind: "running" }, again: null };
  const pods = [pod({ phase: "Running" })];
  expect(verdictOf(sight({ job: crashed }), patience, minutes(60))).toEqual(running);
  expect(verdictOf(sight({ job: crashed, pods }), patience, minutes(60))).toEqual(running);
  expect(verdictOf(sight({ job: crashed, pods, asked: true }), patience, minutes(60))).toEqual(running);
  expect(verdictOf(sight({ job: crashed, asked: true }), patience, NOW).state).toMatchObject({
    kind: "lost",
    at: END,
    reason: "crashed",
    say: "It ended without an outcome, and its pod is gone.",
  });
  const disrupted = sight({ job: failed("PodFailurePolicy"), asked: true });
  expect(verdictOf(disrupted, patience, NOW).state).toMatchObject({ at: END, reason: "evicted" });
});

test("of two pods the later counts; times come as dates and as text", () => {
  const first = pod(disrupted("DeletionByTaintManager"));
  const watched = (seen: V1Pod): V1Pod => JSON.parse(JSON.stringify(seen)) as V1Pod;
  const second = pod({ phase: "Running" }, { uid: "q", creationTimestamp: minutes(2) });
  const pods = [second, watched(first)];
  expect(verdictOf(sight({ pods }), patience, NOW).state).toEqual({ kind: "running" });
  const ends = [watched(pod(ended(0, "Completed", OUTCOME)))];
  expect(verdictOf(sight({ pods: ends }), patience, NOW).state).toMatchObject({ kind: "ended", at: END });
});

test("a long sentence is cut", () => {
  const { state } = verdictOf(sight({ pods: [pod(evicted("x".repeat(5000)))] }), patience, NOW);
  expect(state.kind === "lost" && state.say.length).toBe(600);
});
