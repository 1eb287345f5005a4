import type { Logger } from "pino";

import type { KubernetesSettings } from "../../../app/config/kubernetes.ts";
import type { Cluster } from "./cluster.ts";
import { kubernetesCluster } from "./kubernetes.ts";
import { SharedConnections } from "./kubernetes/connections.ts";
import type { ProcessClusterOptions } from "./process.ts";
import { processCluster } from "./process.ts";

interface Opened {
  cluster: Cluster;
  /** Ends what this process does there; runs go on. */
  close(): Promise<void>;
}

/** Where runs live: the cluster that `KUBECONFIG` or the app's own pod names, or without settings for one this machine. */
export function openCluster(
  kubernetes: KubernetesSettings | null,
  here: ProcessClusterOptions,
  { appId, log }: { appId: number; log: Logger },
): Opened {
  if (!kubernetes) return { cluster: processCluster(here), close: async () => {} };
  const config = new SharedConnections();
  config.loadFromDefault();
  const { podTemplate: template, ...settings } = kubernetes;
  const cluster = kubernetesCluster({
    ...settings,
    config,
    template,
    app: String(appId),
    gateUrl: here.gate,
    log,
  });
  return { cluster, close: () => cluster.close() };
}
