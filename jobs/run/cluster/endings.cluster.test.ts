import { afterAll, beforeAll, expect, test } from "vitest";

import { RunRefused } from "./cluster.ts";
import type { Namespace, Run } from "./kubernetes/testing/room.ts";
import { makeNamespace } from "./kubernetes/testing/room.ts";
import { atWork, LEAVE, podOf, soon } from "./kubernetes/testing/script.ts";

let space: Namespace;
beforeAll(async () => {
  space = await makeNamespace();
});
afterAll(() => space.remove());

/** What keeps the run from starting. */
const waits = async (run: Run): Promise<string> => {
  const state = (await run.seen())?.state;
  return (state?.kind === "running" && state.waits) || "";
};

test.concurrent("a Job that is deleted by hand, as seen by its follower and by others", async () => {
  const run = space.run("sleep 1000");
  await run.cluster.ensure(run.spec);
  await atWork(run);
  const { name } = run.spec;
  await space.batch.deleteNamespacedJob({
    name,
    namespace: space.name,
    body: { propagationPolicy: "Background" },
  });
  expect(await run.end()).toMatchObject({
    reason: "deleted",
    say: "Its Job was deleted from the cluster by hand.",
  });
  await run.cluster.forget(name);
  expect(await run.seen()).toBeNull();
});

test.concurrent("a pod that is deleted by hand", async () => {
  const run = space.run("sleep 1000");
  await run.cluster.ensure(run.spec);
  await atWork(run);
  const name = (await podOf(run))?.metadata?.name ?? "";
  await space.core.deleteNamespacedPod({ name, namespace: space.name, gracePeriodSeconds: 1 });
  expect(await run.end()).toMatchObject({
    reason: "deleted",
    say: "Its pod was deleted from the cluster by hand.",
  });
});

test.concurrent("a pod that is evicted", async () => {
  const run = space.run("sleep 1000", { over: { spec: { terminationGracePeriodSeconds: 1 } } });
  await run.cluster.ensure(run.spec);
  await atWork(run);
  const name = (await podOf(run))?.metadata?.name ?? "";
  await space.core.createNamespacedPodEviction({
    name,
    namespace: space.name,
    body: { metadata: { name, namespace: space.name } },
  });
  expect(await run.end()).toMatchObject({ reason: "evicted", say: "It was evicted: its node was drained." });
});

test.concurrent.each<[string, script: string, over: object, ending: object]>([
  [
    "crash",
    "exit 3",
    {},
    { kind: "lost", reason: "crashed", say: "It ended without an outcome (exit code 3)." },
  ],
  ["no outcome", "exit 0", {}, { kind: "lost", reason: "crashed", say: "It ended without an outcome." }],
  [
    "a forged outcome",
    `${LEAVE}; exit 1`,
    {},
    { kind: "lost", reason: "crashed", say: "It ended without an outcome (exit code 1)." },
  ],
  [
    "out of memory",
    "exec tail /dev/zero",
    {},
    { kind: "lost", reason: "memory", say: "It ran out of memory (its limit is 64Mi)." },
  ],
  [
    "a child out of memory, and an outcome",
    `tail /dev/zero; ${LEAVE}; exit 0`,
    {},
    { kind: "ended", outcome: { kind: "nothing" } },
  ],
  [
    "past its deadline",
    "sleep 1000",
    { spec: { activeDeadlineSeconds: 5, terminationGracePeriodSeconds: 1 } },
    { kind: "lost", reason: "deadline", say: "It didn't end by itself and was ended at its deadline." },
  ],
  [
    "out of disk",
    "head -c 40000000 /dev/zero > /tmp/x; sleep 1000",
    {
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "agent", resources: { limits: { "ephemeral-storage": "10Mi" } } }],
      },
    },
    { kind: "lost", reason: "disk", say: expect.stringContaining("It ran out of disk.") as string },
  ],
  [
    "a command that isn't there",
    "",
    { spec: { containers: [{ name: "agent", command: null, args: ["nowhere"] }] } },
    {
      kind: "lost",
      reason: "config",
      say: expect.stringContaining("Its container can't be started.") as string,
    },
  ],
])("an ending: %s", async (_, script, over, ending) => {
  const run = space.run(script, { over });
  await run.cluster.ensure(run.spec);
  expect(await run.end()).toMatchObject(ending);
});

test.concurrent.each<[string, over: object, say: RegExp, reason: string]>([
  [
    "an image that can't be pulled",
    { containers: [{ name: "agent", image: "localhost/never-was:1" }] },
    /^Its image localhost\/never-was:1 can't be pulled: /,
    "image",
  ],
  [
    "no room on any node",
    { containers: [{ name: "agent", resources: { requests: { cpu: "500" }, limits: { cpu: "500" } } }] },
    /^No node has room for it: .*Insufficient cpu/,
    "unschedulable",
  ],
  [
    "settings that aren't there",
    { containers: [{ name: "agent", envFrom: [{ configMapRef: { name: "none" } }] }] },
    /^Its container can't be made: configmap "none" not found/,
    "config",
  ],
  [
    "a volume that isn't there",
    {
      volumes: [{ name: "none", configMap: { name: "none" } }],
      containers: [{ name: "agent", volumeMounts: [{ name: "none", mountPath: "/none" }] }],
    },
    /^Its pod can't be set up: .*configmap "none" not found/,
    "config",
  ],
])("what never starts is waited for, and then given up: %s", async (_, spec, say, reason) => {
  const run = space.run(LEAVE, { over: { spec }, patience: { roomMs: 15_000, startMs: 15_000 } });
  await run.cluster.ensure(run.spec);
  await soon(async () => expect(await waits(run)).toMatch(say));
  expect(await run.end()).toMatchObject({ kind: "lost", say: expect.stringMatching(say) as string, reason });
  await run.cluster.forget(run.spec.name);
  await soon(async () => expect(await run.pods()).toEqual([]));
});

test.concurrent("a pod that the cluster's rules refuse", async () => {
  const run = space.run(LEAVE, { over: { spec: { hostNetwork: true } } });
  await run.cluster.ensure(run.spec);
  expect(await run.end()).toMatchObject({
    kind: "lost",
    reason: "admission",
    say: expect.stringMatching(/^The cluster refuses its pod: .*violates PodSecurity "restricted/) as string,
  });
});

test.concurrent("a Job that the cluster refuses for good", async () => {
  const run = space.run(LEAVE, { over: { spec: { restartPolicy: "Always" } } });
  await expect(run.cluster.ensure(run.spec)).rejects.toThrow(RunRefused);
  await expect(run.cluster.ensure(run.spec)).rejects.toThrow(/restartPolicy/);
});

test("a quota that is full is waited for; when there is room the run starts", async () => {
  const full = await makeNamespace();
  const quota = (hard: Record<string, string>) => ({ metadata: { name: "agents" }, spec: { hard } });
  await full.core.createNamespacedResourceQuota({ namespace: full.name, body: quota({ pods: "0" }) });
  const run = full.run(LEAVE);
  await run.cluster.ensure(run.spec);
  await soon(async () =>
    expect(await waits(run)).toMatch(/^There is no room for its pod in the quota: .*exceeded quota: agents/),
  );
  await full.core.replaceNamespacedResourceQuota({
    name: "agents",
    namespace: full.name,
    body: quota({ pods: "5" }),
  });
  expect(await run.end()).toMatchObject({ kind: "ended" });

  await full.core.replaceNamespacedResourceQuota({
    name: "agents",
    namespace: full.name,
    body: quota({ "count/jobs.batch": "1" }),
  });
  const next = full.run(LEAVE);
  const refused: unknown = await next.cluster.ensure(next.spec).catch((error: unknown) => error);
  expect(String(refused)).toContain("exceeded quota");
  expect(refused).not.toBeInstanceOf(RunRefused);
  await full.remove();
});
