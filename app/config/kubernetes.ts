import { readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

/** Where runs live in a Kubernetes cluster; which one that is says `KUBECONFIG`, or the pod that the app is in. */
export interface KubernetesSettings {
  namespace: string;
  /** The agents' image. */
  image: string;
  /** Merged over the agents' pod template. */
  podTemplate: object | null;
}

type Given = Record<string, string | undefined>;

const Template = z.strictObject({
  metadata: z.looseObject({}).optional(),
  spec: z.looseObject({}).optional(),
});

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
  const { KUBERNETES_NAMESPACE: namespace = "", AGENT_IMAGE: image = "", AGENT_POD_TEMPLATE: file } = given;
  if (namespace && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    problems.push("KUBERNETES_NAMESPACE must be the name of a namespace.");
  const podTemplate = file ? templateIn(file) : null;
  if (podTemplate === "wrong")
    problems.push("AGENT_POD_TEMPLATE must name a YAML file with a pod template: `metadata` and `spec`.");
  if (problems.length > 0 || podTemplate === "wrong") return { settings: null, problems };
  return { settings: { namespace, image, podTemplate }, problems };
}

function templateIn(file: string): object | "wrong" {
  try {
    return Template.parse(parse(readFileSync(file, "utf8")) ?? {});
  } catch {
    return "wrong"; // missing, a directory, no YAML: the sentence is the same
  }
}
