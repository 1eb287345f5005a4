import type { V1Job } from "@kubernetes/client-node";

import type { Api } from "./create.ts";
import { unlessMissing } from "./create.ts";

/**
 * Deletes a Job and its pods. `Background`, since the API's default for Jobs leaves the pods behind (kubernetes#71807); the
 * pods by name too, since the collector that follows would give them their whole grace.
 */
export async function removeJob({ batch, core }: Api, job: V1Job, graceSeconds: number): Promise<void> {
  const { name = "", namespace = "", uid = "" } = job.metadata ?? {};
  const body = { propagationPolicy: "Background", preconditions: { uid } };
  await unlessMissing(batch.deleteNamespacedJob({ name, namespace, body }));
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  const pods = await core.listNamespacedPod({ namespace, labelSelector });
  await Promise.all(
    pods.items.map(({ metadata }) =>
      unlessMissing(
        core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace, gracePeriodSeconds: graceSeconds }),
      ),
    ),
  );
}
