import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { apply, kubectl } from "../kubectl.ts";
import { addressesOf, podAndService } from "../props.ts";
import { until } from "../until.ts";

const run = promisify(execFile);

/** An address that is public, and in this cluster leads to a pod of the tests'. */
const PUBLIC = "93.184.215.14";
export const METADATA = "169.254.169.254";
const SCRIPT = join(import.meta.dirname, "../pods/listener.ts");

/** Someone who listens. */
export interface Listener {
  /** How many connections came, or how many of them said something where a probe of the cluster connects, too. */
  heard(): Promise<number>;
  close(): Promise<void>;
}

/**
 * A host of the internet, as far as pods can tell: a pod behind an address that is public, and the name that leads there. It
 * is in no namespace of agents, and so it also shows what an ordinary pod reaches.
 */
export async function startPublicHost(namespace: string): Promise<Listener & { service: string }> {
  const args = ["test/cluster/pods/listener.ts", "0.0.0.0", "8443"];
  const tls = { name: "tls", port: 443, targetPort: 8443 };
  await apply(
    ...podAndService({ namespace, name: "outside", args, ports: [8443] }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "outside-public", namespace },
      spec: { selector: { prop: "outside" }, externalIPs: [PUBLIC], ports: [tls] },
    },
    // A name in the cluster's DNS for that very address.
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "allowed", namespace },
      spec: { clusterIP: "None", ports: [{ name: "tls", port: 443 }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "allowed", namespace, labels: { "kubernetes.io/service-name": "allowed" } },
      addressType: "IPv4",
      ports: [{ name: "tls", port: 443 }],
      endpoints: [{ addresses: [PUBLIC] }],
    },
  );
  await addressesOf(namespace, "outside");
  return {
    service: "allowed",
    heard: async () => countIn(await kubectl(["logs", "-n", namespace, "outside"]), "words"),
    close: async () => {},
  };
}

/**
 * Listens where clouds serve a machine's credentials: on the host of that address that `../shared/cluster` has, or on a dummy
 * interface of kind's one node. Null where neither can be had.
 */
export async function listenAtMetadata(namespace: string): Promise<Listener | null> {
  if (await succeeds("ip", "netns", "exec", "metadata", "true")) return listenInNetns();
  const [node = "", ...others] = (await kubectl(["get", "nodes", "-o", "name"])).trim().split("\n");
  if (others.length > 0) return null;
  const onNode = ["exec", node.replace("node/", ""), "ip"];
  const dummy = [...onNode, "link", "add", "metadata", "type", "dummy"];
  if (!(await succeeds("docker", ...dummy))) return null;
  await run("docker", [...onNode, "address", "add", `${METADATA}/32`, "dev", "metadata"]);
  await run("docker", [...onNode, "link", "set", "metadata", "up"]);
  return listenOnNode(namespace, async () => {
    await run("docker", [...onNode, "link", "delete", "metadata"]);
  });
}

async function listenInNetns(): Promise<Listener> {
  const args = ["netns", "exec", "metadata", process.execPath, SCRIPT, METADATA, "80"];
  const child = spawn("ip", args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await until("a listener at the address of metadata", async () => lines.length > 0);
  return { heard: async () => countIn(lines.join("\n"), "connection"), close: async () => void child.kill() };
}

/** A pod in the node's own network. */
async function listenOnNode(namespace: string, forget: () => Promise<void>): Promise<Listener> {
  const container = {
    name: "metadata",
    image: "localhost/coxswain-twin:test",
    imagePullPolicy: "IfNotPresent",
    args: ["node", "test/cluster/pods/listener.ts", METADATA, "80"],
    securityContext: { runAsUser: 0 },
  };
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "metadata", namespace },
    spec: { hostNetwork: true, containers: [container], terminationGracePeriodSeconds: 0 },
  });
  const log = () => kubectl(["logs", "-n", namespace, "metadata"]);
  await until("a listener at the address of metadata", async () => (await log()).includes("listens"));
  return { heard: async () => countIn(await log(), "connection"), close: forget };
}

const countIn = (log: string, word: string): number =>
  log.split("\n").filter((line) => line.includes(word)).length;

const succeeds = (command: string, ...args: string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  );
