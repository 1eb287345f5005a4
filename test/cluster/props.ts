import { kubectl } from "./kubectl.ts";

interface Prop {
  namespace: string;
  name: string;
  /** What Node runs, and its arguments. */
  args: string[];
  ports: number[];
}

/** A pod of the tests' image, under pod security `restricted`, and its Service: both of that name. */
export function podAndService({ namespace, name, args, ports }: Prop): object[] {
  const metadata = { name, namespace, labels: { prop: name } };
  const container = {
    name,
    image: "localhost/coxswain-twin:test",
    imagePullPolicy: "IfNotPresent",
    args: ["node", ...args],
    readinessProbe: { tcpSocket: { port: ports[0] }, periodSeconds: 1, failureThreshold: 60 },
    resources: { requests: { cpu: "10m", memory: "64Mi" } },
    securityContext: CONFINED,
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  const spec = { ...POD, containers: [container] };
  return [{ apiVersion: "v1", kind: "Pod", metadata, spec }, serviceOf({ namespace, name, ports })];
}

/** A Redis of the tests' own, which takes no volume. */
export function redisPod(namespace: string): object[] {
  const metadata = { name: "redis", namespace, labels: { prop: "redis" } };
  const container = {
    name: "redis",
    image: "localhost/redis:7",
    imagePullPolicy: "IfNotPresent",
    args: ["redis-server", "--maxmemory-policy", "noeviction", "--protected-mode", "no", "--dir", "/tmp"],
    readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 1 },
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    securityContext: CONFINED,
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  const spec = { ...POD, containers: [container] };
  const service = serviceOf({ namespace, name: "redis", ports: [6379] });
  return [{ apiVersion: "v1", kind: "Pod", metadata, spec }, service];
}

/** Waits until it answers; the addresses of its pod and of its Service. */
export async function addressesOf(namespace: string, name: string): Promise<string[]> {
  await kubectl(["wait", "-n", namespace, "--for=condition=Ready", `pod/${name}`, "--timeout=120s"]);
  const [pod, service] = await Promise.all([
    kubectl(["get", "-n", namespace, `pod/${name}`, "-o", "jsonpath={.status.podIP}"]),
    kubectl(["get", "-n", namespace, `service/${name}`, "-o", "jsonpath={.spec.clusterIP}"]),
  ]);
  return [pod, service];
}

function serviceOf({ namespace, name, ports }: Omit<Prop, "args">): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { prop: name }, ports: ports.map((port) => ({ name: `p${port}`, port })) },
  };
}

const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

const POD = {
  restartPolicy: "Never",
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 0,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
  volumes: [{ name: "tmp", emptyDir: {} }],
};
