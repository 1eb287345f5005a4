import { readFileSync } from "node:fs";

import { AuthorizationV1Api, BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";

import { gateAddress, wallsOf } from "../../jobs/run/cluster/kubernetes/addresses.ts";
import { readAccount } from "../../jobs/run/cluster/kubernetes/create.ts";
import { probe } from "../../jobs/run/cluster/kubernetes/probe.ts";
import { wrongRights } from "../../jobs/run/cluster/kubernetes/rights.ts";
import { readKubernetes } from "../config/kubernetes.ts";
import type { KubernetesSettings } from "../config/kubernetes.ts";

const HELP = `node app/cli/checkCluster.ts [URL...]

Tells whether this cluster is as Coxswain needs it: whether the URLs answer, whether the app may do what it must and no
more, and whether a pod like an agent's reaches the gate and nothing else. "helm test" starts it, as the app's own account.
Takes the app's environment, as far as it tells of Kubernetes, and APP_ID.`;

const ANSWER_MS = 5000;

/** Nothing, or what is wrong. */
type Check = [what: string, wrong: () => Promise<string[]>];

async function main(): Promise<void> {
  const urls = process.argv.slice(2);
  const { settings, problems } = readKubernetes(process.env);
  const { APP_ID: app, GATE_URL: gateUrl } = process.env;
  if (urls.includes("--help")) return console.log(HELP);
  if (!settings || !app || !gateUrl) {
    console.error([...problems, HELP].join("\n"));
    process.exitCode = 2;
    return;
  }
  const config = new KubeConfig();
  config.loadFromDefault();
  const rights = {
    agents: settings.namespace,
    account: settings.serviceAccount,
    own: ownNamespace(config),
  };
  const checks: Check[] = [
    ...urls.map((url): Check => [`${url} answers`, () => unanswered(url)]),
    [
      `the app may do what it must in ${rights.agents}, and no more`,
      () => wrongRights(config.makeApiClient(AuthorizationV1Api), rights),
    ],
    ["an agent's pod reaches the gate, and nothing else", () => look(config, settings, { app, gateUrl })],
  ];
  for (const [what, wrong] of checks) {
    const said = await wrong().catch((error: unknown) => [
      error instanceof Error ? error.message : String(error),
    ]);
    console.log(`${said.length === 0 ? "yes" : "NO "}  ${what}`);
    for (const line of said) console.log(`     ${line}`);
    if (said.length > 0) process.exitCode = 1;
  }
}

async function unanswered(url: string): Promise<string[]> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: Error) => error);
  if (answer instanceof Error) {
    const { message } = answer.cause instanceof Error ? answer.cause : answer;
    return [
      `It doesn't answer: ${message}. None of its pods is ready, or a policy is in the way. Their logs say what they wait for.`,
    ];
  }
  const text = await answer.text();
  return answer.ok ? [] : [`It answers ${answer.status}: ${text.trim().slice(0, 500)}`];
}

async function look(
  config: KubeConfig,
  settings: KubernetesSettings,
  { app, gateUrl }: { app: string; gateUrl: string },
): Promise<string[]> {
  const api = { batch: config.makeApiClient(BatchV1Api), core: config.makeApiClient(CoreV1Api) };
  const { namespace, podTemplate: template } = settings;
  if (!settings.canary) return ["CANARY_ADDRESS is missing: nothing shows that agents are kept in."];
  const [gate, walls, serviceAccount] = await Promise.all([
    gateAddress(gateUrl),
    wallsOf(settings),
    settings.serviceAccount === null ? null : readAccount(api, namespace, settings.serviceAccount),
  ]);
  const wrong = await probe(api, { ...settings, app, template, gate, walls, serviceAccount });
  return wrong === null ? [] : [wrong];
}

/** The pod's; on a person's machine that of their kubeconfig. */
function ownNamespace(config: KubeConfig): string {
  try {
    return readFileSync("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "utf8");
  } catch {
    return config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
  }
}

await main();
