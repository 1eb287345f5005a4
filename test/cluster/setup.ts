import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NEEDED = `npm run test:cluster needs a Kubernetes cluster: set KUBECONFIG to the file that tells of it.
Here: KUBECONFIG=$(../shared/cluster/up) npm run test:cluster. Elsewhere kind does: kind create cluster, and
KUBECONFIG=~/.kube/config. The tests make namespaces, Jobs and pods there, and remove them.`;
/** Where a cluster made from packages keeps its tools: a script to be sourced. */
const TOOLS = join(import.meta.dirname, "../../../shared/cluster/env");

/** Sees to it that there is a cluster, the tools to speak to it, and that it has the images. */
export default function setup(): void {
  if (!process.env["KUBECONFIG"]) throw new Error(NEEDED);
  if (missing().length > 0 && existsSync(TOOLS)) {
    const path = execFileSync("bash", ["-c", '. "$0" >&2; printf %s "$PATH"', TOOLS], { encoding: "utf8" });
    process.env["PATH"] = path;
  }
  if (missing().length > 0)
    throw new Error(`npm run test:cluster needs ${missing().join(" and ")} on the PATH, and it isn't there.`);
  execFileSync(join(import.meta.dirname, "images"), { stdio: "inherit" });
}

function missing(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return ["kubectl", "helm"].filter((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
}
