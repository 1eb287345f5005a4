import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";

import {
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  Watch,
} from "@kubernetes/client-node";
import type { KubeConfig, KubernetesObject, V1Pod } from "@kubernetes/client-node";

import { printOutcome } from "../agent-pod/contract/outcome.ts";
import type { Outcome } from "../agent-pod/contract/outcome.ts";
import { SharedConnections } from "../jobs/run/cluster/kubernetes/connections.ts";
import { CONTAINER } from "../jobs/run/cluster/manifest.ts";

const NEEDED = `This benchmark needs a Kubernetes cluster: set KUBECONFIG to the file that tells of it.
Here: KUBECONFIG=$(../shared/cluster/up) npm run bench -- NAME. Elsewhere kind does. It makes a Node and a namespace there,
and removes them.`;

const LEASES = "kube-node-lease";
/** The controllers take a node for lost whose lease is 40 s old. */
const RENEW_MS = 10_000;
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
  /** Resolves when the next Job appears, or a pod is said to be running. */
  news(): Promise<void>;
  /** The pod of that run ends well. */
  end(run: string, outcome: Outcome): Promise<void>;
  /** Removes the Node, the namespace and what is in it. */
  close(): Promise<void>;
}

/** The cluster that KUBECONFIG tells of. Throws, with a sentence for people, where it tells of none. */
export function clusterConfig(): KubeConfig {
  if (!process.env["KUBECONFIG"]) throw new Error(NEEDED);
  const config = new SharedConnections();
  config.loadFromDefault();
  return config;
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
  const failed = (error: unknown): void => {
    if (!closing.signal.aborted) bell.emit("failed", error);
  };

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
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupted);
    for (const each of watching) (await each).abort();
    stopHeart();
    await remove(config, name);
  };
  const interrupted = (): void => void close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupted);
  await Promise.all(watching);
  return {
    namespace: name,
    image: IMAGE,
    template: { spec: { nodeName: name, tolerations: [{ operator: "Exists" }] } },
    jobs,
    running,
    news: () =>
      new Promise((resolve, reject) => {
        bell.once("news", resolve);
        bell.once("failed", reject);
      }),
    end: async (run, outcome) => {
      const pod = pods.get(run);
      if (!pod) throw new Error(`The run ${run} has no pod.`);
      running.delete(run);
      await status(pod, ended(pod, outcome));
    },
    close,
  };
}

/** Begins to watch; resolves once that is answered. A watch that ends is begun anew: what it tells again is known. */
async function watch(
  config: KubeConfig,
  path: string,
  failed: (error: unknown) => void,
  told: (kind: string, object: KubernetesObject) => Promise<void>,
): Promise<AbortController> {
  const ending = new AbortController();
  const begin = async (): Promise<void> => {
    const connection = await new Watch(config).watch(
      path,
      {},
      (kind: string, object: KubernetesObject) => void told(kind, object).catch(failed),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        if (error) failed(error);
        else again();
      },
    );
    ending.signal.addEventListener("abort", () => connection.abort());
  };
  const again = (): void => void begin().catch(failed);
  await begin();
  return ending;
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
