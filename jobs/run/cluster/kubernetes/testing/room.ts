import { randomBytes } from "node:crypto";

import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { V1Pod } from "@kubernetes/client-node";

import type { Brief } from "../../../../../agent-pod/contract/brief.ts";
import { demoBrief } from "../../../../../agent-pod/runner/testing/brief.ts";
import type { RunSpec, SeenRun, SeenLine } from "../../cluster.ts";
import { kubernetesCluster } from "../../kubernetes.ts";
import type { KubernetesCluster, KubernetesOptions } from "../../kubernetes.ts";
import type { Patience } from "../ending.ts";
import { merge } from "../merge.ts";

const IMAGE = "localhost/debian:bookworm-slim";
const QUIET = { warn: () => {} };

/** A namespace of a real cluster, under pod security `restricted`. */
export interface Namespace {
  name: string;
  batch: BatchV1Api;
  core: CoreV1Api;
  /** A run of its own in it, whose agent is this shell script; `over` goes over its pod template. */
  run(script: string, options?: RunOptions): Run;
  remove(): Promise<void>;
}

interface RunOptions {
  over?: object;
  patience?: Patience;
  config?: KubeConfig;
  serviceAccount?: string | null;
  /** Where its pod finds the gate, and what it is to show that it can't reach. */
  network?: Pick<KubernetesOptions, "gateUrl" | "canary" | "dns">;
}

export interface Run {
  spec: RunSpec;
  cluster: KubernetesCluster;
  template: object;
  /** Another app's process that follows the same runs, as after a restart. */
  restarted(): KubernetesCluster;
  /** The one run that is listed, or null. */
  seen(): Promise<SeenRun | null>;
  /** Its state, once it has ended. */
  end(): Promise<SeenRun["state"]>;
  lines(from?: number): Promise<SeenLine[]>;
  pods(): Promise<V1Pod[]>;
}

export function clusterConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  return config;
}

export async function makeNamespace(): Promise<Namespace> {
  const config = clusterConfig();
  const [batch, core] = [config.makeApiClient(BatchV1Api), config.makeApiClient(CoreV1Api)];
  const name = `coxswain-test-${randomBytes(4).toString("hex")}`;
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await core.createNamespace({ body: { metadata: { name, labels } } });
  const opened: KubernetesCluster[] = [];
  const open = (
    options: Pick<KubernetesOptions, "config" | "app" | "template" | "patience" | "serviceAccount">,
    network: RunOptions["network"] = { gateUrl: "http://10.0.0.1:8080", canary: null, dns: null },
  ): KubernetesCluster => {
    const fixed = { namespace: name, image: IMAGE, log: QUIET };
    const none = { images: {}, sizes: {} };
    const cluster = kubernetesCluster({ ...fixed, ...none, ...network, ...options });
    opened.push(cluster);
    return cluster;
  };
  return {
    name,
    batch,
    core,
    run: (script, { over = {}, patience, config: own = config, serviceAccount = null, network } = {}) => {
      const app = randomBytes(4).toString("hex");
      const template = merge(small(script), over);
      const again = () =>
        open({ config: own, app, template, serviceAccount, ...(patience && { patience }) }, network);
      const spec = specOf(app);
      return runIn({ spec, template, cluster: again(), restarted: again }, () =>
        core.listNamespacedPod({ namespace: name, labelSelector: `coxswain.dev/app=${app}` }),
      );
    },
    remove: async () => {
      await Promise.all(opened.map((cluster) => cluster.close()));
      await core.deleteNamespace({ name });
    },
  };
}

function runIn(
  known: Pick<Run, "spec" | "template" | "cluster" | "restarted">,
  list: () => Promise<{ items: V1Pod[] }>,
): Run {
  const { spec, cluster } = known;
  const lines = (from = 0): Promise<SeenLine[]> =>
    Array.fromAsync(cluster.follow(spec.name, from, AbortSignal.timeout(150_000)));
  const seen = async (): Promise<SeenRun | null> => (await cluster.list(spec.labels))[0] ?? null;
  return {
    ...known,
    seen,
    lines,
    end: async () => {
      await lines();
      const run = await seen();
      if (!run || run.state.kind === "running") throw new Error(`${spec.name} hasn't ended.`);
      return run.state;
    },
    pods: async () => (await list()).items,
  };
}

function specOf(app: string, changes: Partial<Brief> = {}): RunSpec {
  const name = `cx-12-implement-1-${app}`;
  return {
    name,
    labels: {
      repository: "octo/demo",
      repositoryId: 1,
      installationId: 7,
      issue: 12,
      task: "add",
      purpose: "implement",
      attempt: 1,
    },
    brief: demoBrief("c".repeat(40), { run: name, ...changes }),
    image: null,
    size: null,
    pass: "cxp_secret",
  };
}

const small = (script: string): object => ({
  spec: {
    containers: [
      {
        name: "agent",
        command: ["bash", "-c", script],
        resources: {
          requests: { cpu: "10m", memory: "16Mi", "ephemeral-storage": "1Mi" },
          limits: { cpu: "1", memory: "64Mi", "ephemeral-storage": "100Mi" },
        },
      },
    ],
  },
});
