import { merge } from "../../jobs/run/cluster/kubernetes/merge.ts";
import type { GitHub } from "./github.ts";
import { apply, helm } from "./kubectl.ts";
import type { Model } from "./model.ts";
import { CHART } from "./render.ts";

export const RELEASE = "cx";
/** What the chart calls what it makes. */
export const NAME = `${RELEASE}-coxswain`;

/** Values of the chart. */
export type Values = { [key: string]: unknown };

/** The chart, installed. */
export interface Install {
  namespace: string;
  /** The agents' namespace. */
  agents: string;
  /** What the app's Secret holds. */
  secrets: Record<string, string>;
  /** Upgrades to the values that it was installed with and these over them, and waits until all is ready. */
  upgrade(values: Values): Promise<void>;
  uninstall(): Promise<void>;
  /** What the chart said at the end. */
  notes(): Promise<string>;
}

export interface InstallOptions {
  namespace: string;
  github: GitHub;
  model: Model;
  /** Over the tests' own values. */
  values: Values;
  /** Where Redis is; null: the chart's own. */
  redis: string | null;
}

/** Installs the chart, and has GitHub send its webhooks there. */
export async function install(options: InstallOptions): Promise<Install> {
  const { namespace, github, model, values, redis } = options;
  const secrets = {
    "private-key": github.privateKey,
    "webhook-secret": github.webhookSecret,
    "llm-api-key": "sk-of-the-scripted-model",
    "redis-password": "pwofredis",
  };
  await apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "coxswain", namespace },
      stringData: secrets,
    },
  );
  const ours = valuesOf({ github, model, redis });
  const at = ["-n", namespace];
  const deploy = async (over: Values): Promise<void> => {
    const args = ["upgrade", "--install", RELEASE, CHART, ...at, "--wait", "--timeout", "120s", "-f", "-"];
    await helm(args, JSON.stringify(merge(merge(ours, values), over)));
  };
  await deploy({});
  await github.sendWebhooks(`http://${NAME}-app.${namespace}:3000/api/github/webhooks`);
  return {
    namespace,
    agents: `${namespace}-agents`,
    secrets,
    upgrade: deploy,
    uninstall: async () => void (await helm(["uninstall", RELEASE, ...at, "--wait", "--timeout", "120s"])),
    notes: () => helm(["get", "notes", RELEASE, ...at]),
  };
}

/** Of images made for tests, small, and with ways to what is a pod here and elsewhere in the world. */
function valuesOf({ github, model, redis }: Pick<InstallOptions, "github" | "model" | "redis">): Values {
  const tiny = { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "1Gi" } };
  return {
    github: { appId: github.appId, apiUrl: github.inCluster.api, serverUrl: github.inCluster.web },
    existingSecret: "coxswain",
    llm: { url: model.url, model: "scripted" },
    image: { repository: "localhost/coxswain-app", tag: "test" },
    app: { replicas: 1, resources: tiny, extraEnv: OFTEN },
    gate: {
      replicas: 1,
      resources: tiny,
      drainSeconds: 60,
      allowPrivate: [...github.addresses, ...model.addresses].map((address) => `${address}/32`),
    },
    redis: {
      ...(redis === null ? { passwordKey: "redis-password" } : { builtIn: false, url: redis }),
      image: { repository: "localhost/redis", tag: "7" },
      resources: tiny,
    },
    agents: {
      image: { repository: "localhost/coxswain-agent", tag: "test" },
      podTemplate: { spec: { containers: [{ name: "agent", resources: SMALL_AGENT }] } },
    },
  };
}

/** What the app looks for by itself comes soon. */
const OFTEN = [
  { name: "SWEEP_SECONDS", value: "5" },
  { name: "SWEEP_PLANS_SECONDS", value: "3" },
];

/** Few enough that two cores have room for several. */
const SMALL_AGENT = {
  requests: { cpu: "50m", memory: "256Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "1Gi" },
};
