import type { V1EndpointSlice, V1Pod, V1Service } from "@kubernetes/client-node";

import { kubectl, list } from "../kubectl.ts";
import type { AtWork, World } from "../world.ts";
import type { Listener } from "./listeners.ts";
import { listenAtMetadata, startPublicHost } from "./listeners.ts";

/** An agent at work, from whose pod is attacked. */
export interface Agent extends AtWork {
  /** `owner/name`. */
  repo: string;
  /** The full name of the one ref that it may push. */
  ref: string;
  run: string;
  pass: string;
  /** The addresses of its pod. */
  addresses: string[];
}

/** Where something listens. */
export interface Address {
  host: string;
  port: number;
}

/** All that is attacked, and from where. */
export interface Scene {
  agent: Agent;
  /** Another one, in a repository where a run has few tokens. */
  poor: Agent;
  /** A pod of no agent: what it reaches, agents alone can't. */
  outside: { namespace: string; name: string };
  /** Names in DNS: of a host that may be reached, and two that may be and lead to private addresses. */
  hosts: { open: string; github: string; apiServer: string };
  /** The addresses of what agents are kept from; of Services and of their pods. */
  walls: {
    [
      What in "apiServer" | "kubelet" | "app" | "gateMetrics" | "github" | "model" | "redis" | "dns"
    ]: Address[];
  };
  publicHost: Listener;
  metadata: Listener | null;
}

/** Tokens of an issue: the plan, an agent's first request, and a few more. */
export const FEW_TOKENS = 250_000;

export async function openScene(world: World): Promise<Scene> {
  const { props, github } = world;
  const [publicHost, metadata, domain] = await Promise.all([
    startPublicHost(props),
    listenAtMetadata(props),
    github.makeRepository("secret", { "README.md": "# Not for everybody\n" }).then(() => domainOf(props)),
  ]);
  const hosts = {
    open: `${publicHost.service}.${props}.${domain}`,
    github: `github.${props}.${domain}`,
    apiServer: `kubernetes.default.${domain}`,
  };
  await github.makeRepository("busy", settings(`hosts: [${Object.values(hosts).join(", ")}]`));
  await github.makeRepository("poor", settings(`limits: {tokens: ${FEW_TOKENS}}`));
  const [agent, poor] = await Promise.all([agentAtWork(world, "busy"), agentAtWork(world, "poor")]);
  return {
    agent,
    poor,
    outside: { namespace: props, name: "outside" },
    hosts,
    walls: await wallsAround(world, agent),
    publicHost,
    metadata,
  };
}

const settings = (line: string): Record<string, string> => ({
  "README.md": "# Busy\n",
  ".github/coxswain.yml": `grace: 0s\n${line}\n`,
});

/** What ends the names of Services: `svc.cluster.local`, mostly. */
async function domainOf(namespace: string): Promise<string> {
  const file = await kubectl(["exec", "-n", namespace, "github", "--", "cat", "/etc/resolv.conf"]);
  return /\b(svc\.\S+)/.exec(file)?.[1] ?? "svc.cluster.local";
}

async function agentAtWork(world: World, repo: string): Promise<Agent> {
  const atWork = await world.atWork({ repo });
  const [pod] = await world.pods(atWork.issue);
  const pass = await world.exec(atWork.pod, "sh", "-c", 'cat "$COXSWAIN_PASS_FILE"');
  const [, body = ""] = /^cxp_([\w-]+)\./.exec(pass) ?? [];
  const { run } = JSON.parse(Buffer.from(body, "base64url").toString()) as { run: string };
  const ref = `refs/heads/agent/${atWork.issue.number}/write`;
  const addresses = (pod?.status?.podIPs ?? []).map(({ ip }) => ip);
  return { ...atWork, repo: `${world.github.owner}/${repo}`, ref, run, pass: pass.trim(), addresses };
}

async function wallsAround({ namespace, props, agents }: World, agent: Agent): Promise<Scene["walls"]> {
  const [services, theirs, system, endpoints, pods] = await Promise.all([
    list<V1Service>(namespace, "services"),
    list<V1Service>(props, "services"),
    list<V1Service>("kube-system", "services"),
    list<V1EndpointSlice>("default", "endpointslices", "kubernetes.io/service-name=kubernetes"),
    Promise.all([namespace, props, "kube-system", agents].map((each) => list<V1Pod>(each, "pods"))),
  ]);
  const apiServer = (await list<V1Service>("default", "services")).filter(
    ({ metadata }) => metadata?.name === "kubernetes",
  );
  const all = pods.flat();
  const own = all.find(({ metadata }) => metadata?.uid === agent.pod.uid);
  const component = (name: string) => [
    ...servicesWith(services, "app.kubernetes.io/component", name),
    ...podsWith(all, "app.kubernetes.io/component", name),
  ];
  const prop = (name: string) => [...servicesWith(theirs, "prop", name), ...podsWith(all, "prop", name)];
  return {
    apiServer: [
      ...at(
        apiServer.flatMap(({ spec }) => spec?.clusterIPs ?? []),
        443,
      ),
      ...endpoints.flatMap(({ endpoints, ports }) =>
        at(endpoints?.flatMap(({ addresses }) => addresses) ?? [], ports?.[0]?.port ?? 6443),
      ),
    ],
    kubelet: at(
      (own?.status?.hostIPs ?? []).map(({ ip }) => ip),
      10_250,
    ),
    app: at(component("app"), 3000),
    gateMetrics: at(component("gate"), 9090),
    github: at(prop("github"), 8080),
    model: at(prop("model"), 8080),
    redis: at(prop("redis"), 6379),
    dns: at([...servicesWith(system, "k8s-app", "kube-dns"), ...podsWith(all, "k8s-app", "kube-dns")], 53),
  };
}

const at = (hosts: string[], port: number): Address[] => hosts.map((host) => ({ host, port }));

const servicesWith = (all: V1Service[], label: string, value: string): string[] =>
  all
    .filter(({ spec }) => spec?.selector?.[label] === value)
    .flatMap(({ spec }) => spec?.clusterIPs ?? [])
    .filter((address) => address !== "None");

const podsWith = (all: V1Pod[], label: string, value: string): string[] =>
  all
    .filter(({ metadata }) => metadata?.labels?.[label] === value)
    .flatMap(({ status }) => status?.podIPs ?? [])
    .map(({ ip }) => ip);
