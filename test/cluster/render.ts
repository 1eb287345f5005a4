import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { helm } from "./kubectl.ts";

export const CHART = join(import.meta.dirname, "../../charts/coxswain");
/** As `helm install` would, of a cluster like this one; the namespace is still to be named. */
export const RENDER = ["template", "cx", CHART, "--skip-tests", "--kube-version", "1.34.0"];

/** One of the tests' sets of values, by its name. */
export const fileOf = (set: string): string => join(import.meta.dirname, "values", `${set}.yaml`);

interface Rendered {
  kind: string;
  metadata: { namespace?: string; labels: Record<string, string> };
  rules?: { resources: string[]; verbs: string[]; resourceNames?: string[] }[];
  spec?: { podSelector?: { matchLabels?: Record<string, string> }; egress?: object[] };
}

/** What the chart makes of a kind, in the namespace `there`, with a set of values and those over it. */
export async function objectsOf(kind: string, set: string, over: object = {}): Promise<Rendered[]> {
  const args = [...RENDER, "-n", "there", "-f", fileOf(set), "-f", "-"];
  const text = await helm(args, JSON.stringify(over));
  const all = parseAllDocuments(text).map((document) => document.toJS() as Rendered | null);
  return all.filter((object) => object !== null).filter((object) => object.kind === kind);
}
