import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";

import {
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
} from "@kubernetes/client-node";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";

import { printOutcome } from "../agent-pod/contract/outcome.ts";
import type { Outcome } from "../agent-pod/contract/outcome.ts";
import { clusterConfig, watch } from "./watch.ts";
import { CONTAINER } from "../jobs/run/cluster/manifest.ts";

const LEASES = "kube-node-lease";
/** The controllers take a node for lost whose lease is 40 s old. */
const RENEW_MS = 10_000;
/** What takes longer than this doesn't come any more. */
const PATIENCE_MS = 60_000;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const IMAGE = "localhost/none:none";

/** A Node of a real cluster without a kubelet: nothing runs there, and how its pods stand is said here. */
export interface BareNode {
  namespace: string;
  image: string;
  /** Puts a pod there. */
  template: object;
  /** The Jobs of its namespace that appeared, and when that was heard of, in milliseconds of `performance.now()`. */
  jobs: ReadonlyMap<string, number>;
  /** Runs whose pods are said to be running. */
  running: ReadonlySet<string>;
  /** Resolves when the next Job appears, or a pod is said to be running. Throws where neither comes, and what failed. */
  news(): Promise<void>;
  /** Throws what failed here since it was made. */
  check(): void;
  /** The pod of that run ends well. */
  end(run: string, outcome: Outcome): Promise<void>;
  /** Removes the Node, the namespace and what is in it. */
  close(): Promise<void>;
}

/** Makes one, with a namespace for its pods. */
export async function openBareNode(): Promise<BareNode> {
  const config = clusterConfig();
  const core = config.makeApiClient(CoreV1Api);
  const name = `coxswain-bench-${randomBytes(4).toString("hex")}`;
  const bell = new EventEmitter().setMaxListeners(0);
  const jobs = new Map<string, number>();
  const pods = new Map<string, V1Pod>();
  const running = new Set<string>();
  const closing = new AbortController();
  const failures: unknown[] = [];
  const failed = (error: unknown): void => {
    if (closing.signal.aborted) return;
    failures.push(error);
    bell.emit("failed", error);
  };
  // Then whoever uses it fails, and ends what it began.
  const interrupted = (): void => failed(new Error("It was interrupted."));
  for (const signal of SIGNALS) process.on(signal, interrupted);

  const status = async (pod: V1Pod, to: object): Promise<void> => {
    const of = { name: pod.metadata?.name ?? "", namespace: name, body: { status: to } };
    await core.patchNamespacedPodStatus(of, setHeaderOptions("Content-Type", PatchStrategy.MergePatch));
  };
  const seePod = async (kind: string, pod: V1Pod): Promise<void> => {
    const run = pod.metadata?.labels?.["batch.kubernetes.io/job-name"] ?? "";
    if (kind === "DELETED") return void (pods.delete(run), running.delete(run));
    if (pod.metadata?.deletionTimestamp)
      return void (await core
        .deleteNamespacedPod({ name: pod.metadata.name ?? "", namespace: name, gracePeriodSeconds: 0 })
        .catch(() => {})); // gone already
    pods.set(run, pod);
    if (pod.status?.phase !== "Pending") return;
    await status(pod, runs(pod));
    running.add(run);
    bell.emit("news");
  };

  await core.createNamespace({ body: { metadata: { name } } });
  const watching = [
    watch(config, `/apis/batch/v1/namespaces/${name}/jobs`, failed, async (kind, { metadata }) => {
      const run = metadata?.name ?? "";
      if (kind !== "ADDED" || jobs.has(run)) return;
      jobs.set(run, performance.now());
      bell.emit("news");
    }),
    watch(config, `/api/v1/namespaces/${name}/pods`, failed, seePod),
  ];
  const stopHeart = await beat(config, name, failed);
  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return;
    closing.abort();
    for (const signal of SIGNALS) process.off(signal, interrupted);
    for (const each of watching) (await each).abort();
    stopHeart();
    await remove(config, name);
  };
  await Promise.all(watching);
  return {
    namespace: name,
    image: IMAGE,
    template: { spec: { nodeName: name, tolerations: [{ operator: "Exists" }] } },
    jobs,
    running,
    async news() {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      const [failed] = await Promise.race([
        once(bell, "news", { signal: patience }),
        once(bell, "failed", { signal: patience }),
      ]).catch(() => [new Error("Nothing more happened on the cluster.")]);
      if (failed) throw failed;
    },
    check: () => {
      if (failures.length > 0) throw failures[0];
    },
    end: async (run, outcome) => {
      const pod = pods.get(run);
      if (!pod) throw new Error(`The run ${run} has no pod.`);
      running.delete(run);
      await status(pod, ended(pod, outcome));
    },
    close,
  };
}

/** Makes the Node, and renews its lease as a kubelet would. Returns the way to stop that. */
async function beat(config: KubeConfig, name: string, failed: (error: unknown) => void): Promise<() => void> {
  const core = config.makeApiClient(CoreV1Api);
  const leases = config.makeApiClient(CoordinationV1Api);
  const now = new Date();
  await core.createNode({
    body: {
      metadata: { name, labels: { "coxswain.dev/bench": name } },
      spec: { taints: [{ key: "coxswain.dev/bench", value: name, effect: "NoSchedule" }] },
    },
  });
  const room = { cpu: "10000", memory: "10000Gi", "ephemeral-storage": "10000Gi", pods: "1000" };
  const ready = { type: "Ready", status: "True", reason: "Bench", message: "There is no kubelet." };
  const stamps = { lastHeartbeatTime: now, lastTransitionTime: now };
  await core.patchNodeStatus(
    { name, body: { status: { capacity: room, allocatable: room, conditions: [{ ...ready, ...stamps }] } } },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
  const spec = () => ({ holderIdentity: name, leaseDurationSeconds: 40, renewTime: new V1MicroTime() });
  await leases.createNamespacedLease({ namespace: LEASES, body: { metadata: { name }, spec: spec() } });
  const renew = () =>
    leases.patchNamespacedLease(
      { name, namespace: LEASES, body: { spec: spec() } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  const timer = setInterval(() => void renew().catch(failed), RENEW_MS);
  return () => clearInterval(timer);
}

async function remove(config: KubeConfig, name: string): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const batch = config.makeApiClient(BatchV1Api);
  const leases = config.makeApiClient(CoordinationV1Api);
  const gone = () => {}; // what isn't there needs no removing
  await batch.deleteCollectionNamespacedJob({ namespace: name, propagationPolicy: "Background" }).catch(gone);
  await core.deleteCollectionNamespacedPod({ namespace: name, gracePeriodSeconds: 0 }).catch(gone);
  await core.deleteNamespace({ name }).catch(gone);
  await core.deleteNode({ name }).catch(gone);
  await leases.deleteNamespacedLease({ name, namespace: LEASES }).catch(gone);
}

const startedAt = (pod: V1Pod): Date => pod.status?.startTime ?? new Date();

const container = (state: object, ready: boolean) => ({
  name: CONTAINER,
  image: IMAGE,
  imageID: "",
  restartCount: 0,
  ready,
  state,
});

const runs = (pod: V1Pod): object => ({
  phase: "Running",
  startTime: startedAt(pod),
  conditions: [{ type: "Ready", status: "True" }],
  containerStatuses: [container({ running: { startedAt: startedAt(pod) } }, true)],
});

const ended = (pod: V1Pod, outcome: Outcome): object => {
  const message = printOutcome(outcome);
  const how = {
    exitCode: 0,
    reason: "Completed",
    message,
    startedAt: startedAt(pod),
    finishedAt: new Date(),
  };
  return {
    phase: "Succeeded",
    conditions: [{ type: "Ready", status: "False", reason: "PodCompleted" }],
    containerStatuses: [container({ terminated: how }, false)],
  };
};
