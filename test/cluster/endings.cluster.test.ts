import { randomBytes } from "node:crypto";

import { beforeAll, expect, test } from "vitest";

import type { Issue } from "./issue.ts";
import { apply, kubectl } from "./kubectl.ts";
import { offered, withBareNode } from "./scarce.ts";
import { until } from "./until.ts";
import { useWorld } from "./world.ts";

/**
 * How a run can end that isn't the agent's doing, and what the issue then says. The runner is the real one; what the
 * repository has it run before the agent takes the agent's place. What can't be provoked here (a node that is short of resources
 * or shuts down) is in the tables of jobs/run/cluster/kubernetes/.
 */
const SETTINGS = "limits: {attempts: 1}\n";
const repository = (settings: string) => ({
  "README.md": "# Sample\n",
  ".github/coxswain.yml": `${SETTINGS}${settings}`,
});

/** Names of objects that belong to no namespace. */
const hash = randomBytes(3).toString("hex");
const [RARE, ELSEWHERE] = [`coxswain.dev/rare-${hash}`, `coxswain.dev/elsewhere-${hash}`];
const only = (resource: string) => ({
  requests: { cpu: "2m", memory: "2Mi", [resource]: "1" },
  limits: { memory: "512Mi", [resource]: "1" },
});
/** What every agent's container is made with, as it would be with a CA bundle. */
const BUNDLE = { name: "bundle", key: "ca.crt" };

const world = useWorld({
  values: {
    agents: {
      podTemplate: {
        spec: {
          containers: [{ name: "agent", env: [{ name: "BUNDLE", valueFrom: { configMapKeyRef: BUNDLE } }] }],
          tolerations: [{ key: ELSEWHERE, operator: "Exists" }],
        },
      },
      images: { missing: "localhost/never-was:1", bare: "localhost/debian:bookworm-slim" },
      sizes: {
        huge: { requests: { cpu: "500" }, limits: { cpu: "500" } },
        tiny: { requests: { cpu: "10m", memory: "8Mi" }, limits: { memory: "24Mi" } },
        rare: only(RARE),
        elsewhere: only(ELSEWHERE),
        narrow: { requests: { cpu: "10m", memory: "64Mi" }, limits: { "ephemeral-storage": "20Mi" } },
      },
    },
  },
  repositories: {
    missing: repository("image: missing\n"),
    bare: repository("image: bare\n"),
    huge: repository("size: huge\n"),
    tiny: repository("size: tiny\n"),
    narrow: repository(`size: narrow\nsetup: ["head -c 80000000 /dev/zero > /tmp/x; sleep 600"]\n`),
    sleepy: repository(`setup: ["sleep 600"]\n`),
    rare: repository(`size: rare\nsetup: ["sleep 600"]\n`),
    elsewhere: repository("size: elsewhere\n"),
  },
});

const bundle = () => ({ ...namespaced("ConfigMap", BUNDLE.name), data: { [BUNDLE.key]: "" } });
beforeAll(() => apply(bundle()));

test.concurrent.each([
  [
    "an image that can't be pulled",
    "missing",
    /hasn't begun: Its image localhost\/never-was:1 can't be pulled/,
  ],
  ["no room on any node", "huge", /hasn't begun: No node has room for it: .*Insufficient cpu/],
])("what waits is said: %s", async (_, repo, says) => {
  const issue = await labelled(repo);
  expect(await issue.says(says)).toMatch(says);
  await stop(issue);
});

test.concurrent.each([
  ["an image that isn't an agent's", "bare", "It ended without an outcome."],
  ["out of memory", "tiny", "It ran out of memory (its limit is 24Mi)."],
  ["out of disk", "narrow", "It ran out of disk."],
])("an ending: %s", async (_, repo, says) => {
  const issue = await labelled(repo);
  // The kubelet measures volumes once a minute.
  await issue.reaches("blocked", 170);
  expect(await issue.says(says, 5)).toContain("`/agent retry` tries again");
});

test.concurrent.each<[string, (pod: string) => Promise<unknown>, string]>([
  [
    "its pod is deleted by hand",
    (pod) => agents("delete", "pod", pod, "--wait=false"),
    "Its pod was deleted from the cluster by hand.",
  ],
  [
    "its Job is deleted by hand",
    (pod) => agents("delete", "job", pod.slice(0, -6), "--wait=false"),
    "Its Job was deleted from the cluster by hand.",
  ],
  ["it is evicted", evict, "It was evicted: its node was drained."],
  [
    "past its deadline",
    (pod) => agents("patch", "pod", pod, "-p", '{"spec":{"activeDeadlineSeconds":1}}'),
    "It didn't end by itself and was ended at its deadline.",
  ],
])("an ending: %s", async (_, provoke, says) => {
  const issue = await labelled("sleepy");
  const pod = await world().podOf(issue);
  await provoke(pod.name);
  expect(await issue.says(says)).toContain(says);
  await stop(issue);
});

test.concurrent("an ending: it is preempted", async () => {
  const name = `${world().namespace}-first`;
  const node = await kubectl([
    "get",
    "pods",
    "-n",
    world().props,
    "redis",
    "-o",
    "jsonpath={.spec.nodeName}",
  ]);
  await apply({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: 1000,
    description: "Of a test.",
  });
  try {
    await offered({ node, resource: RARE }, async () => {
      const issue = await labelled("rare");
      await world().podOf(issue);
      await apply(first(name));
      const says = "It was preempted: a pod of a higher priority took its place.";
      expect(await issue.says(says)).toContain(says);
      await stop(issue);
      await kubectl(["delete", "pod", "-n", world().props, "first"]);
    });
  } finally {
    await kubectl(["delete", "priorityclass", name]);
  }
});

test.concurrent("an ending: its node is lost", async () => {
  const node = `${world().namespace}-node`;
  await withBareNode({ node, resource: ELSEWHERE }, async () => {
    const issue = await labelled("elsewhere");
    await until("its pod to be there", async () => (await world().pods(issue))[0]?.spec?.nodeName === node);
    await kubectl(["delete", "node", node]);
    // Pods of a node that is gone are cleared away after a minute or so.
    expect(await issue.says("Its node was lost.", 120)).toContain("Its node was lost.");
    await stop(issue);
  });
});

test("what its container is made from isn't there, and that is said", async () => {
  await agents("delete", "configmap", BUNDLE.name);
  const issue = await labelled("sleepy");
  const says = /hasn't begun: Its container can't be made: configmap "bundle" not found/;
  expect(await issue.says(says)).toMatch(says);
  await apply(bundle());
  expect((await world().podOf(issue)).name).toMatch(/^cx-/);
  await stop(issue);
});

test("a quota that is full is waited for, and said", async () => {
  await apply({ ...namespaced("ResourceQuota"), spec: { hard: { pods: "0" } } });
  const issue = await labelled("sleepy");
  await issue.says(/hasn't begun: There is no room for its pod in the quota/);
  await agents("delete", "resourcequota", "test");
  expect((await world().podOf(issue)).name).toMatch(/^cx-/);
  await stop(issue);
});

test("settings that aren't there are said", async () => {
  await apply({ ...namespaced("ResourceQuota"), spec: { hard: { pods: "0" } } });
  const issue = await labelled("sleepy");
  const [job] = await until("its Job", async () => {
    const jobs = await world().jobs(issue);
    return jobs[0]?.spec?.suspend === false && jobs;
  });
  await agents("delete", "secret", job?.metadata?.name ?? "");
  await agents("delete", "resourcequota", "test");
  const says = /hasn't begun: Its pod can't be set up: .*secret .* not found/;
  expect(await issue.says(says, 90)).toMatch(says);
  await stop(issue);
});

test("a pod that the cluster's rules refuse is blocked at once", async () => {
  const limits = [{ type: "Container", max: { memory: "1Mi" } }];
  await apply({ ...namespaced("LimitRange"), spec: { limits } });
  const issue = await labelled("sleepy");
  await issue.reaches("blocked");
  const said = await issue.says("The cluster refuses its pod:", 5);
  expect(said).toContain("maximum memory usage per Container is 1Mi");
  await agents("delete", "limitrange", "test");
});

let count = 0;
const labelled = (repo: string): Promise<Issue> =>
  world().issue({ repo, body: `Write ${repo}-${count++}.txt.` });
const agents = (...args: string[]): Promise<string> => kubectl([...args, "-n", world().agents]);
const namespaced = (kind: string, name = "test"): object => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: world().agents },
});

/** A pod that goes first where there is room for one. */
const first = (priorityClassName: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "first", namespace: world().props },
  spec: {
    priorityClassName,
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: "first",
        image: "localhost/coxswain-twin:test",
        imagePullPolicy: "IfNotPresent",
        command: ["sleep", "600"],
        resources: only(RARE),
      },
    ],
  },
});

/** Takes the label off, and waits for the pod to be gone: it leaves its room to the next. */
async function stop(issue: Issue): Promise<void> {
  await issue.maintainer.issues.removeLabel({ ...issue.at, issue_number: issue.number, name: "agent" });
  await until("its pod to be gone", async () => (await world().pods(issue)).length === 0);
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ */
async function evict(pod: string): Promise<void> {
  const path = `/api/v1/namespaces/${world().agents}/pods/${pod}/eviction`;
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: pod, namespace: world().agents },
  };
  await kubectl(["create", "--raw", path, "-f", "-"], JSON.stringify(eviction));
}
