import { NetworkingV1Api } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import type { SeenLine } from "./cluster.ts";
import type { KubernetesOptions } from "./kubernetes.ts";
import { clusterConfig, makeNamespace } from "./kubernetes/testing/room.ts";
import type { Namespace, Run } from "./kubernetes/testing/room.ts";

// The real runner in its real image, as far as it comes: what stands in for the gate never ends an answer to git.

const IMAGE = "localhost/coxswain-agent:test";
const [GATE, CANARY] = [8080, 9090];
const DOOR = `
  const answer = (request, response) => { if (!request.url.startsWith("/git")) response.end("{}"); };
  require("node:http").createServer(answer).listen(${GATE});
  require("node:net").createServer((socket) => socket.end()).listen(${CANARY});`;

const networking = clusterConfig().makeApiClient(NetworkingV1Api);
let [free, walled, late]: Namespace[] = [];
let network: Pick<KubernetesOptions, "gateUrl" | "canary" | "dns">;

beforeAll(async () => {
  [free, walled, late] = await Promise.all([makeNamespace(), makeNamespace(), makeNamespace()]);
  const [door, dns] = await Promise.all([startDoor(free), dnsAddress(free)]);
  network = { gateUrl: `http://${door}:${GATE}`, canary: { host: door, port: CANARY }, dns };
  await wallIn(walled);
});
afterAll(async () => {
  await Promise.all([free, walled, late].map(async (space) => space?.remove()));
});

/** The address of a pod that answers at the gate's port and at the canary's. */
async function startDoor({ core, name: namespace }: Namespace): Promise<string> {
  const container = {
    name: "door",
    image: IMAGE,
    imagePullPolicy: "IfNotPresent",
    command: ["node", "-e", DOOR],
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } };
  const labels = { door: "yes" };
  await core.createNamespacedPod({
    namespace,
    body: { metadata: { name: "door", labels }, spec: { containers: [container], securityContext } },
  });
  return vi.waitFor(
    async () => {
      const { status } = await core.readNamespacedPod({ name: "door", namespace });
      if (!status?.podIP || status.phase !== "Running") throw new Error("The door isn't there yet.");
      return status.podIP;
    },
    { timeout: 120_000, interval: 200 },
  );
}

async function dnsAddress({ core }: Namespace): Promise<{ host: string; port: number }> {
  const { spec } = await core.readNamespacedService({ name: "kube-dns", namespace: "kube-system" });
  return { host: spec?.clusterIP ?? "", port: 53 };
}

/** What the chart does: its pods reach the gate, by its port, and nothing else. */
async function wallIn({ name: namespace }: Namespace): Promise<void> {
  const gate = { namespaceSelector: {}, podSelector: { matchLabels: { door: "yes" } } };
  const body = {
    metadata: { name: "agents" },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      egress: [{ to: [gate], ports: [{ port: GATE }] }],
    },
  };
  await networking.createNamespacedNetworkPolicy({ namespace, body });
}

const runIn = (space: Namespace): Run => {
  const container = {
    name: "agent",
    image: IMAGE,
    command: null,
    resources: { limits: { memory: "512Mi", "ephemeral-storage": "200Mi" } },
  };
  return space.run("", { over: { spec: { containers: [container] } }, network });
};

/** The run's first line; then it is stopped, unless it has ended. */
async function firstLine(run: Run): Promise<SeenLine | null> {
  for await (const line of run.cluster.follow(run.spec.name, 0, AbortSignal.timeout(120_000))) {
    await run.cluster.stop(run.spec.name, 0);
    return line;
  }
  return null;
}

const HELD_BACK = { n: 0, kind: "walls", open: false, text: "" };

test.concurrent("a pod that a NetworkPolicy holds back shows it, and goes on", async () => {
  const run = runIn(walled!);
  await run.cluster.ensure(run.spec);
  expect(await firstLine(run)).toEqual(HELD_BACK);
});

test.concurrent("a policy that is enforced a moment late", async () => {
  const run = runIn(late!);
  await run.cluster.ensure(run.spec);
  await vi.waitFor(async () => expect((await run.pods())[0]?.status?.phase).toBe("Running"), 60_000);
  await sleep(2_000);
  await wallIn(late!);
  expect(await firstLine(run)).toEqual(HELD_BACK);
});

test.concurrent("without a policy the canary and DNS are reached: the run ends and says so", async () => {
  const run = runIn(free!);
  await run.cluster.ensure(run.spec);
  const state = await run.end();
  const { canary, dns } = network;
  const reached = `the canary at ${canary?.host}:${CANARY}, DNS at ${dns?.host}:53 by TCP, DNS at ${dns?.host}:53 by UDP`;
  expect((await run.lines())[0]).toEqual({ n: 0, kind: "walls", open: true, text: reached });
  expect(state).toMatchObject({
    kind: "ended",
    outcome: { kind: "failed", reason: "network", say: expect.stringContaining(reached) as string },
  });
});
