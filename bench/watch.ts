import { Watch } from "@kubernetes/client-node";
import type { KubeConfig, KubernetesObject } from "@kubernetes/client-node";

import { SharedConnections } from "../jobs/run/cluster/kubernetes/connections.ts";

const NEEDED = `This benchmark needs a Kubernetes cluster: set KUBECONFIG to the file that tells of it.
Here: KUBECONFIG=$(../shared/cluster/up) npm run bench -- NAME. Elsewhere kind does. It makes a Node and a namespace there,
and removes them.`;

const AGAIN_MS = 50;

/** The cluster that KUBECONFIG tells of. Throws, with a sentence for people, where it tells of none. */
export function clusterConfig(): KubeConfig {
  if (!process.env["KUBECONFIG"]) throw new Error(NEEDED);
  const config = new SharedConnections();
  config.loadFromDefault();
  return config;
}

/**
 * Begins to watch; resolves once that is answered. A watch that ends, as the client's does after 30 s of silence, is begun
 * anew: what it tells again is known.
 */
export async function watch(
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
      () => void setTimeout(again, AGAIN_MS),
    );
    ending.signal.addEventListener("abort", () => connection.abort());
  };
  const again = (): void => {
    if (!ending.signal.aborted) void begin().catch(failed);
  };
  await begin();
  return ending;
}
