import { readFileSync } from "node:fs";
import { join } from "node:path";

import { NAME } from "./install.ts";
import { kubectl } from "./kubectl.ts";
import type { Pod, World } from "./world.ts";

/** What no agent may get, each by a name, as it stands and in base64. */
export async function secretsOf(world: World): Promise<Record<string, string>> {
  const { github, namespace } = world;
  const inGate = ["exec", "-n", namespace, `deploy/${NAME}-gate`, "-c", "gate", "--"];
  const keys = ["/run/coxswain/keys/pass-keys", "/run/coxswain/keys/lease-keys"];
  const gate = await kubectl([...inGate, "cat", ...keys]);
  const tokens = await github.installationTokens();
  const plain: [string, string][] = [
    ...Object.entries(world.secrets),
    // A line of its middle: it may stand there with other line ends.
    ["private key", github.privateKey.split("\n")[7] ?? ""],
    ...gate
      .trim()
      .split(/\s+/)
      .map((key, at): [string, string] => [`gate's key ${at}`, key]),
    ...tokens.map((token, at): [string, string] => [`installation token ${at}`, token]),
    ...Object.entries(github.tokens),
  ];
  if (tokens.length === 0 || plain.some(([, value]) => value.length < 8))
    throw new Error("A secret is missing.");
  const encoded = plain.map(([name, value]) => [`${name}, encoded`, base64(value)] as const);
  return Object.fromEntries([...plain, ...encoded]);
}

/** Where in an agent's pod the sought texts stand: what each is, and the file. */
export async function searchPod(pod: Pod, sought: Record<string, string>): Promise<string[]> {
  const script = readFileSync(join(import.meta.dirname, "pods/search.ts"), "utf8");
  // By stdin: what a process is given at its start is searched too.
  const args = [
    "exec",
    "-i",
    "-n",
    pod.namespace,
    pod.name,
    "--",
    "node",
    "--input-type=module-typescript",
    "-",
  ];
  const found = await kubectl(args, `${script}\nsearch(${JSON.stringify(sought)});`);
  return JSON.parse(found) as string[];
}

/** Where in the objects of a namespace they stand, Secrets decoded: what each is, and the object. */
export async function searchObjects(namespace: string, sought: Record<string, string>): Promise<string[]> {
  const kinds = "jobs,pods,secrets,configmaps,events,serviceaccounts,leases";
  const { items } = JSON.parse(await kubectl(["get", kinds, "-n", namespace, "-o", "json"])) as {
    items: Item[];
  };
  return items.flatMap((item) => {
    const decoded = Object.values(item.data ?? {}).map((value) => Buffer.from(value, "base64").toString());
    const text = [JSON.stringify(item), ...decoded].join("\n");
    const within = Object.entries(sought).filter(([, value]) => text.includes(value));
    return within.map(([what]) => `${what} in ${item.kind} ${item.metadata.name}`);
  });
}

interface Item {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
