import { kubectl } from "./kubectl.ts";

/** Something that no node offers by itself, and pods may ask for. https://kubernetes.io/docs/tasks/administer-cluster/extended-resource-node/ */
interface Scarce {
  node: string;
  resource: string;
}

/** Has that node offer one of it for as long as `during` takes. */
export async function offered({ node, resource }: Scarce, during: () => Promise<void>): Promise<void> {
  const has = (amount: string | null): Promise<string> =>
    patchStatus(node, { capacity: { [resource]: amount }, allocatable: { [resource]: amount } });
  try {
    await has("1");
    await during();
  } finally {
    await has(null);
  }
}

/**
 * A Node without a kubelet that offers one of it, and too little of everything else for pods that don't mean it, for as
 * long as `during` takes; that may delete it sooner.
 */
export async function withBareNode({ node, resource }: Scarce, during: () => Promise<void>): Promise<void> {
  const room = { cpu: "4m", memory: "4Mi", "ephemeral-storage": "100Gi", pods: "10", [resource]: "1" };
  try {
    const taints = [{ key: resource, effect: "NoSchedule" }];
    await kubectl(
      ["create", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name: node }, spec: { taints } }),
    );
    await patchStatus(node, {
      capacity: room,
      allocatable: room,
      conditions: [{ type: "Ready", status: "True", reason: "Test", message: "There is no kubelet." }],
    });
    await during();
  } finally {
    await kubectl(["delete", "node", node, "--ignore-not-found"]);
  }
}

const patchStatus = (node: string, status: object): Promise<string> =>
  kubectl(["patch", "node", node, "--subresource=status", "--type=merge", "-p", JSON.stringify({ status })]);
