import { randomBytes } from "node:crypto";

import { CoreV1Api, Watch } from "@kubernetes/client-node";
import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";

import { clusterConfig } from "./bareNode.ts";

/** A namespace of a real cluster, and when what was first seen in it, in milliseconds since 1970. */
export interface Namespace {
  name: string;
  core: CoreV1Api;
  /** `job <name>`, `pod`, `scheduled`, `running`, `over`. */
  seen: Map<string, number>;
  /** The pod that was seen last. */
  last(): V1Pod | null;
  close(): Promise<void>;
}

export async function openNamespace(): Promise<Namespace> {
  const config = clusterConfig();
  const core = config.makeApiClient(CoreV1Api);
  const name = `coxswain-bench-${randomBytes(4).toString("hex")}`;
  await core.createNamespace({ body: { metadata: { name } } });
  const seen = new Map<string, number>();
  let last: V1Pod | null = null;
  const note = (what: string, isSo: boolean): void => {
    if (isSo && !seen.has(what)) seen.set(what, Date.now());
  };
  const podSeen = (_: string, pod: V1Pod): void => {
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
  const jobSeen = (_: string, job: KubernetesObject): void => note(`job ${job.metadata?.name}`, true);
  const watch = new Watch(config);
  // A benchmark is over before the server ends a watch.
  const ended = (): void => {};
  const watches = await Promise.all([
    watch.watch(`/apis/batch/v1/namespaces/${name}/jobs`, {}, jobSeen, ended),
    watch.watch(`/api/v1/namespaces/${name}/pods`, {}, podSeen, ended),
  ]);
  return {
    name,
    core,
    seen,
    last: () => last,
    async close() {
      for (const each of watches) each.abort();
      await core.deleteNamespace({ name });
    },
  };
}
