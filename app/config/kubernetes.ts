import { readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

/** A host, by name or address, and a port. */
export interface Address {
  host: string;
  port: number;
}

/** What a container may use, as Kubernetes has it: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers */
export interface Size {
  limits?: Record<string, string>;
  requests?: Record<string, string>;
}

/** Where runs live in a Kubernetes cluster; which one that is says `KUBECONFIG`, or the pod that the app is in. */
export interface KubernetesSettings {
  namespace: string;
  /** Agents' pods run as it, and their Jobs go when it does; null: as the namespace's default. */
  serviceAccount: string | null;
  /** The agents' image. */
  image: string;
  /** Other images and sizes, by the name that a repository picks one by. */
  images: Record<string, string>;
  sizes: Record<string, Size>;
  /** Merged over the agents' pod template. */
  podTemplate: object | null;
  /** What every pod can reach but the agents', which show so before they begin; null: they don't. */
  canary: Address | null;
  /** The cluster's name server, which the agents' pods can't reach either. */
  dns: Address | null;
}

type Given = Record<string, string | undefined>;

const Template = z.strictObject({
  metadata: z.looseObject({}).optional(),
  spec: z.looseObject({}).optional(),
});

const name = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/);
const Images = z.record(name, z.string().min(1).max(500));
/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/; `2` and `0.5` are numbers in YAML. */
const amount = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d+(?:\.\d+)?(?:m|[KMGTPE]i|[kMGTPE])?$/));
const amounts = z.record(z.string().min(1), amount);
const Sizes = z.record(
  name,
  z.strictObject({ limits: amounts.optional(), requests: amounts.optional() }).transform(withoutUndefined),
);

/** Those settings, or null where runs don't live there, and every problem as a sentence. */
export function readKubernetes(given: Given): { settings: KubernetesSettings | null; problems: string[] } {
  if (given["COXSWAIN_CLUSTER"] !== "kubernetes") return { settings: null, problems: [] };
  const needed = {
    KUBERNETES_NAMESPACE: "the namespace that agents run in",
    AGENT_IMAGE: "the agents' image, best with its digest",
    GATE_URL: "the gate's address, as the agents' pods reach it",
  };
  const problems = Object.entries(needed).flatMap(([name, what]) =>
    given[name] ? [] : [`${name} is missing: ${what}.`],
  );
  const { KUBERNETES_NAMESPACE: namespace = "", AGENT_IMAGE: image = "" } = given;
  const serviceAccount = given["AGENT_SERVICE_ACCOUNT"] ?? null;
  if (namespace && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    problems.push("KUBERNETES_NAMESPACE must be the name of a namespace.");
  const read = <T>(variable: string, as: (text: string) => T, what: string): T | null => {
    const value = given[variable];
    if (!value) return null;
    try {
      return as(value);
    } catch {
      problems.push(`${variable} must ${what}.`); // no such file, no YAML: the sentence is the same
      return null;
    }
  };
  const podTemplate = read(
    "AGENT_POD_TEMPLATE",
    (file) => Template.parse(yamlIn(file)),
    "name a YAML file with a pod template: `metadata` and `spec`",
  );
  const images = read(
    "AGENT_IMAGES",
    (file) => Images.parse(yamlIn(file)),
    "name a YAML file of images by name, like `go: registry.example.org/agent-go:1`",
  );
  const sizes = read(
    "AGENT_SIZES",
    (file) => Sizes.parse(yamlIn(file)),
    "name a YAML file of resources by name, like `large: {limits: {memory: 8Gi}}`",
  );
  const canary = read("CANARY_ADDRESS", addressIn, "be a host and a port, like `gate:9090`");
  const dns = read("DNS_ADDRESS", addressIn, "be an address and a port, like `10.96.0.10:53`");
  if (problems.length > 0) return { settings: null, problems };
  const own = { images: images ?? {}, sizes: sizes ?? {}, podTemplate, canary };
  return { settings: { namespace, serviceAccount, image, ...own, dns: dns ?? nameServer(given) }, problems };
}

const yamlIn = (file: string): unknown => parse(readFileSync(file, "utf8")) ?? {};

function addressIn(text: string): Address {
  const {
    host = "",
    six,
    port,
  } = /^(?:\[(?<six>[\da-f:.]+)\]|(?<host>[a-z\d.-]+)):(?<port>\d{1,5})$/i.exec(text)!.groups!;
  return { host: six ?? host, port: z.number().min(1).max(65_535).parse(Number(port)) };
}

/** The first name server of the app's own pod; elsewhere it would say nothing of the cluster. */
function nameServer(given: Given): Address | null {
  if (!given["KUBERNETES_SERVICE_HOST"]) return null;
  const host = /^nameserver\s+([\da-f:.]+)/im.exec(readFileSync("/etc/resolv.conf", "utf8"))?.[1];
  return host ? { host, port: 53 } : null;
}

function withoutUndefined({ limits, requests }: { [Key in keyof Size]?: Size[Key] | undefined }): Size {
  return { ...(limits && { limits }), ...(requests && { requests }) };
}
