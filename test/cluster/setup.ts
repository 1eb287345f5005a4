import { execFileSync } from "node:child_process";
import { join } from "node:path";

const NEEDED = `npm run test:cluster needs a Kubernetes cluster: set KUBECONFIG to the file that tells of it.
Here: KUBECONFIG=$(../shared/cluster/up) npm run test:cluster. Elsewhere kind does: kind create cluster, and
KUBECONFIG=~/.kube/config. The tests make namespaces, Jobs and pods there, and remove them.`;

/** Sees to it that there is a cluster, and that it has the images. */
export default function setup(): void {
  if (!process.env["KUBECONFIG"]) throw new Error(NEEDED);
  execFileSync(join(import.meta.dirname, "images"), { stdio: "inherit" });
}
