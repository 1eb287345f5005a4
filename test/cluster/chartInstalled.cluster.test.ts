import { expect, test } from "vitest";

import { NAME } from "./install.ts";
import { apply, helm, kubectl } from "./kubectl.ts";
import { leftIn, staysOf } from "./left.ts";
import { until } from "./until.ts";
import { useWorld } from "./world.ts";

/** Two of each, and the chart's own Redis. */
const world = useWorld({ builtInRedis: true, values: { app: { replicas: 2 }, gate: { replicas: 2 } } });

/** `helm test`: what its pod said, and whether all was well. */
async function helmTest(): Promise<{ well: boolean; said: string }> {
  const args = ["test", "cx", "-n", world().namespace, "--timeout", "170s"];
  return helm(args).then(
    (said) => ({ well: true, said }),
    (error: unknown) => ({ well: false, said: String(error) }),
  );
}

const podsOf = async (component: string): Promise<string[]> => {
  const selector = `app.kubernetes.io/component=${component}`;
  const names = await kubectl(["get", "pods", "-n", world().namespace, "-l", selector, "-o", "name"]);
  return names.trim().split("\n");
};

test("helm test finds all as it should be, and leaves nothing", async () => {
  const { well, said } = await helmTest();
  expect([well, said]).toEqual([true, expect.stringContaining("Phase:          Succeeded")]);
  expect(
    (await kubectl(["get", "pod", `${NAME}-test`, "-n", world().namespace, "--ignore-not-found"])).trim(),
  ).toBe("");
  await world().isTidy();
});

test("helm test finds agents that can reach more than the gate", async () => {
  const metadata = { name: "open", namespace: world().agents };
  const spec = { podSelector: {}, policyTypes: ["Egress"], egress: [{}] };
  await apply({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec });
  const { well, said } = await helmTest();
  await kubectl(["delete", "networkpolicy", "open", "-n", world().agents]);
  expect(well).toBe(false);
  expect(said).toMatch(/the canary at [\d.]+:9090/);
  expect(said).toMatch(/DNS at [\d.]+:53 by UDP/);
});

test("helm test finds rights that the app shouldn't have, and those that it lacks", async () => {
  const { namespace, agents } = world();
  const subject = { kind: "ServiceAccount", name: `${NAME}-app`, namespace };
  await apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "more", namespace: agents },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
    subjects: [subject],
  });
  const more = await helmTest();
  await kubectl(["delete", "rolebinding", "more", "-n", agents]);
  const role = ["-n", agents, "role", `${NAME}-app`];
  const rules = await kubectl(["get", ...role, "-o", "jsonpath={.rules}"]);
  await kubectl(["patch", ...role, "--type=merge", "-p", '{"rules":[]}']);
  const less = await helmTest();
  await kubectl(["patch", ...role, "--type=merge", "-p", `{"rules":${rules}}`]);
  expect(more.well || less.well).toBe(false);
  expect(more.said).toContain(`The app can list secrets in the namespace ${agents}.`);
  expect(less.said).toContain(`The app can't create jobs in the namespace ${agents}.`);
  expect(less.said).toContain(`The app can't get serviceaccounts ${NAME}-agent in the namespace ${agents}.`);
});

test("nobody else in the cluster reaches what is ours, but webhooks the app, and all the gate's metrics", async () => {
  const { namespace, props } = world();
  const ports = { app: [3000, 9090], gate: [8080, 9090], redis: [6379] };
  const tried = Object.entries(ports).flatMap(([name, all]) =>
    all.map((port) => `${NAME}-${name}.${namespace} ${port}`),
  );
  const script = `const {connect} = require("node:net");
    Promise.all(${JSON.stringify(tried)}.map((way) => new Promise((resolve) => {
      const [host, port] = way.split(" ");
      const socket = connect({host, port, timeout: 4000});
      const end = (reached) => (socket.destroy(), resolve(reached ? [way] : []));
      socket.on("connect", () => end(true)).on("error", () => end(false)).on("timeout", () => end(false));
    }))).then((ways) => console.log(JSON.stringify(ways.flat())))`;
  const reached = await kubectl(["exec", "-n", props, "github", "--", "node", "-e", script]);
  expect(JSON.parse(reached)).toEqual([`${NAME}-app.${namespace} 3000`, `${NAME}-gate.${namespace} 9090`]);
});

test('an upgrade to other values, under pod security "restricted", keeps Redis and its jobs', async () => {
  const { namespace } = world();
  await kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
  const [before, redis] = await Promise.all([podsOf("app"), podsOf("redis")]);
  await world().upgrade({
    app: { replicas: 2, maxRuns: 7 },
    gate: { replicas: 1 },
    agents: { images: { go: "go:1" } },
  });
  await until("the pods of before to go", async () =>
    (await podsOf("app")).every((pod) => !before.includes(pod)),
  );
  const environment = await kubectl([
    "exec",
    "-n",
    namespace,
    `deploy/${NAME}-app`,
    "--",
    "printenv",
    "MAX_RUNS",
  ]);
  expect(environment.trim()).toBe("7");
  expect(await podsOf("redis")).toEqual(redis);
  const said = await world().notes();
  expect(said).toContain("/api/github/webhooks");
  expect((await helmTest()).well).toBe(true);
});

test('Redis\' pod, made anew under pod security "restricted", has what it had', async () => {
  const { namespace } = world();
  const pod = `${NAME}-redis-0`;
  const cli = (...command: string[]) =>
    kubectl(["exec", "-n", namespace, pod, "--", "redis-cli", "--no-auth-warning", ...command]);
  await cli("set", "kept", "here");
  await kubectl(["delete", "pod", "-n", namespace, pod]);
  await kubectl(["wait", "-n", namespace, `pod/${pod}`, "--for=condition=Ready", "--timeout=60s"]);
  expect((await cli("get", "kept")).trim()).toBe("here");
  await kubectl(["rollout", "status", "-n", namespace, `deploy/${NAME}-app`, "--timeout=60s"]);
});

test("uninstalling leaves nothing but what the notes said", async () => {
  const { namespace, agents } = world();
  const stays = staysOf(await world().notes());
  expect(stays).toEqual(["secret/coxswain", `namespace/${namespace}`]);
  await world().uninstall();
  const left = async () => [...(await leftIn(namespace)), `namespace/${namespace}`];
  await until("all else to go", async () => (await left()).join() === stays.join(), 120);
  const gone = await kubectl(["get", "namespace", agents, "--ignore-not-found", "-o", "name"]);
  expect(gone.trim()).toBe("");
});
