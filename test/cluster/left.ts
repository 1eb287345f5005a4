import { kubectl } from "./kubectl.ts";

/** What every namespace has of itself. */
const OWN = ["configmap/kube-root-ca.crt", "serviceaccount/default"];

/** What is in a namespace, as `kind/name`: of all kinds that the cluster has, but events. */
export async function leftIn(namespace: string): Promise<string[]> {
  const kinds = await kubectl(["api-resources", "--verbs=list", "--namespaced", "-o", "name"]);
  const listed = kinds
    .trim()
    .split("\n")
    .filter((kind) => !kind.startsWith("events"))
    .join(",");
  const names = await kubectl(["get", listed, "-n", namespace, "-o", "name"]);
  return names.split("\n").filter((name) => name !== "" && !OWN.includes(name));
}

/** The objects that a release's notes say will stay, as `kind/name`. */
export function staysOf(notes: string): string[] {
  const [, told = ""] = notes.split("What stays is yours:");
  return [...told.matchAll(/^ +([a-z]+\/\S+)/gm)].map(([, name = ""]) => name);
}
