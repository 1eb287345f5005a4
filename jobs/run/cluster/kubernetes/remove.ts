import type { V1Job } from "@kubernetes/client-node";

import type { Api } from "./create.ts";
import { unlessMissing } from "./create.ts";

/**
 * Deletes a Job and its pods. The pods first, and by name: the collector that follows the Job gives them their whole grace,
 * and a kubelet that has begun to count doesn't count anew. The Job with `Background`, since the API's default for Jobs
 * leaves pods behind (kubernetes#71807).
 */
export async function removeJob({ batch, core }: Api, job: V1Job, graceSeconds: number): Promise<void> {
  const { name = "", namespace = "", uid = "" } = job.metadata ?? {};
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  const pods = await core.listNamespacedPod({ namespace, labelSelector });
  await Promise.all(
    pods.items.map(({ metadata }) =>
      unlessMissing(
        core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace, gracePeriodSeconds: graceSeconds }),
      ),
    ),
  );
  const body = { propagationPolicy: "Background", preconditions: { uid } };
  await unlessMissing(batch.deleteNamespacedJob({ name, namespace, body }));
}
