import { randomBytes } from "node:crypto";

import { CoreV1Api } from "@kubernetes/client-node";
import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";

import { clusterConfig, watch } from "./watch.ts";

/** A namespace of a real cluster, and when what was first seen in it, in milliseconds since 1970. */
export interface Namespace {
  name: string;
  core: CoreV1Api;
  /** `job <name>`, and of the one pod since it was begun anew: `pod`, `scheduled`, `running`, `over`. */
  seen: ReadonlyMap<string, number>;
  /** Forgets what was seen, and hears no more of the pods that were. */
  beginAnew(): void;
  /** The pod that was seen last. Throws what failed while watching. */
  last(): V1Pod | null;
  close(): Promise<void>;
}

export async function openNamespace(): Promise<Namespace> {
  const config = clusterConfig();
  const core = config.makeApiClient(CoreV1Api);
  const name = `coxswain-bench-${randomBytes(4).toString("hex")}`;
  await core.createNamespace({ body: { metadata: { name } } });
  const seen = new Map<string, number>();
  const done = new Set<string | undefined>();
  let last: V1Pod | null = null;
  const note = (what: string, isSo: boolean): void => {
    if (isSo && !seen.has(what)) seen.set(what, Date.now());
  };
  const podSeen = async (_: string, pod: V1Pod): Promise<void> => {
    if (done.has(pod.metadata?.uid)) return;
    last = pod;
    const { conditions, containerStatuses, phase } = pod.status ?? {};
    note("pod", true);
    note(
      "scheduled",
      conditions?.some(({ type, status }) => type === "PodScheduled" && status === "True") ?? false,
    );
    note("running", containerStatuses?.[0]?.state?.running !== undefined);
    note("over", phase === "Succeeded" || phase === "Failed");
  };
  const jobSeen = async (_: string, job: KubernetesObject): Promise<void> =>
    note(`job ${job.metadata?.name}`, true);
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const watches = await Promise.all([
    watch(config, `/apis/batch/v1/namespaces/${name}/jobs`, failed, jobSeen),
    watch(config, `/api/v1/namespaces/${name}/pods`, failed, podSeen),
  ]);
  return {
    name,
    core,
    seen,
    beginAnew: () => {
      if (last) done.add(last.metadata?.uid);
      last = null;
      seen.clear();
    },
    last: () => {
      if (failures.length > 0) throw failures[0];
      return last;
    },
    async close() {
      for (const each of watches) each.abort();
      await core.deleteNamespace({ name });
    },
  };
}
