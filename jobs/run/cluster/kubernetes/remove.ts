import type { V1Job, V1Pod } from "@kubernetes/client-node";

import type { Api } from "./create.ts";
import { unlessMissing } from "./create.ts";

/** The pods of a Job, as they are now. */
export async function podsOf({ core }: Pick<Api, "core">, { metadata }: V1Job): Promise<V1Pod[]> {
  const { namespace = "", uid = "" } = metadata ?? {};
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  return (await core.listNamespacedPod({ namespace, labelSelector })).items;
}

/**
 * Deletes a Job and its pods. The pods first, and by name: the collector that follows the Job gives them their whole grace,
 * and a kubelet that has begun to count doesn't count anew. The Job with `Background`, since the API's default for Jobs
 * leaves pods behind (kubernetes#71807).
 */
export async function removeJob(
  { batch, core }: Api,
  { job, pods }: { job: V1Job; pods: V1Pod[] },
  graceSeconds: number,
): Promise<void> {
  const { name = "", namespace = "", uid = "" } = job.metadata ?? {};
  await Promise.all(
    pods.map(({ metadata }) =>
      unlessMissing(
        core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace, gracePeriodSeconds: graceSeconds }),
      ),
    ),
  );
  const body = { propagationPolicy: "Background", preconditions: { uid } };
  await unlessMissing(batch.deleteNamespacedJob({ name, namespace, body }));
}
