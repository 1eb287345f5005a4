import { afterAll, beforeAll, expect, test, vi } from "vitest";

import type { SeenRun } from "./cluster.ts";
import { RunRefused } from "./cluster.ts";
import { jobOf } from "./manifest.ts";
import { wayToCluster } from "./kubernetes/testing/proxy.ts";
import type { Namespace, Run } from "./kubernetes/testing/room.ts";
import { makeNamespace } from "./kubernetes/testing/room.ts";

const NOTHING = '{"kind":"nothing","say":"It is right already."}';
const LEAVE = `printf '%s' '${NOTHING}' > /dev/termination-log`;
/** Shell that prints the runner's lines: `line 0 step "at work"`. */
const LINE = `line() { printf '{"n":%d,"kind":"%s","text":"%s"}\\n' "$1" "$2" "$3"; };`;

let space: Namespace;
beforeAll(async () => {
  space = await makeNamespace();
});
afterAll(() => space.remove());

/** `expect.poll` can't be used by tests that run side by side. */
async function soon(check: () => Promise<void> | void): Promise<void> {
  await vi.waitFor(check, { timeout: 120_000, interval: 100 });
}

const podOf = async (run: Run) => (await run.pods())[0];
const isAtWork = async (run: Run): Promise<boolean> => (await podOf(run))?.status?.phase === "Running";
async function atWork(run: Run): Promise<void> {
  await soon(async () => expect(await isAtWork(run)).toBe(true));
}
/** What keeps the run from starting. */
const waits = async (run: Run): Promise<string> => {
  const state = (await run.seen())?.state;
  return (state?.kind === "running" && state.waits) || "";
};

test.concurrent("a run is started, followed to its end, and seen with its outcome and answers", async () => {
  const answer = `printf '{"n":2,"kind":"answer","id":"rc1","text":"Done."}\\n'`;
  const run = space.run(`${LINE} line 0 step begun; echo noise; line 1 said hello; ${answer}; ${LEAVE}`);
  const told: SeenRun[] = [];
  const unwatch = await run.cluster.watch((seen) => void told.push(seen));
  await run.cluster.ensure(run.spec);
  expect(await run.seen()).toMatchObject({
    name: run.spec.name,
    labels: run.spec.labels,
    state: { kind: "running" },
    spent: 0,
  });

  expect((await run.lines()).map((line) => line.text)).toEqual(["begun", "hello", "Done."]);
  expect((await run.lines(2)).map((line) => line.text)).toEqual(["Done."]);
  const state = {
    kind: "ended",
    at: expect.any(Date) as Date,
    outcome: { kind: "nothing", say: "It is right already." },
    answers: { rc1: "Done." },
  };
  expect((await run.seen())?.state).toEqual(state);
  await soon(() => expect(told).toHaveLength(1));
  expect(told[0]?.state).toEqual(state);
  await unwatch();

  const later: SeenRun[] = [];
  await run.restarted().watch((seen) => void later.push(seen));
  await soon(() => expect(later).toHaveLength(1));
  expect(told).toHaveLength(1);
});

test.concurrent("the pod has its brief, its pass and nothing else, looks nothing up, and writes only where it works", async () => {
  const script = [
    "cat /run/coxswain/pass; echo",
    "wc -c < /run/coxswain/brief.json",
    "id -u",
    "id -G",
    "ls /var/run/secrets/kubernetes.io 2>/dev/null | wc -l",
    "(echo x > /x) 2>/dev/null || echo read-only",
    "echo x > /work/x && echo x > /tmp/x && echo x > $HOME/x && echo written",
    "SECONDS=0; getent hosts example.com || echo no address; echo $SECONDS",
    "env | grep _SERVICE_ | grep -vc ^KUBERNETES_",
    "grep ^CapEff /proc/self/status | tr -dc 0-9a-f",
  ].join(";");
  const run = space.run(`${LINE} line 0 said "$({ ${script}; } | tr '\\n' '|')"; ${LEAVE}`);
  await run.cluster.ensure(run.spec);
  const [line] = await run.lines();
  const [pass, bytes, uid, gid, tokens, root, own, address, seconds, services, capabilities] =
    line?.text.split("|") ?? [];
  expect({ pass, bytes: Number(bytes), uid, gid, tokens, root, own, address, services }).toEqual({
    pass: "cxp_secret",
    bytes: JSON.stringify(run.spec.brief).length,
    uid: "1000",
    gid: "1000",
    tokens: "0",
    root: "read-only",
    own: "written",
    address: "no address",
    services: "0",
  });
  expect(Number(seconds)).toBeLessThan(3);
  expect(capabilities).toMatch(/0{16}$/);
});

test.concurrent("a run that is there is adopted, by another process and by two at once", async () => {
  const run = space.run(`${LINE} line 0 step begun; sleep 1000`);
  const next = run.restarted();
  await Promise.all([run.cluster, next, run.cluster].map((cluster) => cluster.ensure(run.spec)));
  await atWork(run);
  const later = {
    ...run.spec,
    pass: "cxp_later",
    labels: { ...run.spec.labels, repository: "octo/renamed" },
  };
  const { brief } = run.spec;
  await next.ensure({ ...later, brief: { ...brief, branch: { ...brief.branch, exists: true } } });
  expect(await next.list()).toMatchObject([{ name: run.spec.name, state: { kind: "running" } }]);
  expect(await run.pods()).toHaveLength(1);
  expect(await next.list({ repositoryId: 1, issue: 12 })).toHaveLength(1);
  expect(await next.list({ repositoryId: 1, issue: 13 })).toEqual([]);
  expect(await next.list({ repositoryId: 2, issue: 12 })).toEqual([]);
});

test.concurrent("what was begun and left is finished: a Job without its Secret, a Secret without its pod", async () => {
  const run = space.run(`cat /run/coxswain/brief.json > /dev/null && ${LEAVE}`);
  const settings = {
    app: run.spec.name.split("-").at(-1) ?? "",
    namespace: space.name,
    image: "localhost/debian:bookworm-slim",
    serviceAccount: null,
    images: {},
    sizes: {},
    gate: { url: "http://10.0.0.1:8080", alias: null },
    walls: { canary: null, dns: null },
    template: run.template,
  };
  await space.batch.createNamespacedJob({ namespace: space.name, body: jobOf(run.spec, settings) });
  await soon(async () => expect((await run.seen())?.state).toEqual({ kind: "running" }));
  expect(await run.pods()).toEqual([]);
  await run.cluster.ensure(run.spec);
  expect(await run.end()).toMatchObject({ kind: "ended" });
  await run.cluster.ensure(run.spec);
  expect(await run.pods()).toHaveLength(1);
});

test.concurrent("another's Job, another brief and one that is being deleted aren't taken", async () => {
  const run = space.run("sleep 1000");
  const { name, brief, labels } = run.spec;
  await run.cluster.ensure(run.spec);
  const other = { ...run.spec, brief: { ...brief, task: { ...brief.task, id: "other" } }, labels };
  await expect(run.cluster.ensure(other)).rejects.toThrow(RunRefused);
  await expect(run.cluster.ensure(other)).rejects.toThrow(
    `A Job ${name} is already in the namespace ${space.name}, with another brief`,
  );
  await expect(space.run("sleep 1000").cluster.ensure(run.spec)).rejects.toThrow("it isn't this app's");
  const hold = [{ op: "add", path: "/metadata/finalizers", value: ["coxswain.dev/test"] }];
  await space.batch.patchNamespacedJob({ name, namespace: space.name, body: hold });
  await space.batch.deleteNamespacedJob({
    name,
    namespace: space.name,
    body: { propagationPolicy: "Background" },
  });
  await expect(run.cluster.ensure(run.spec)).rejects.toThrow("it is being deleted");
  const free = [{ op: "remove", path: "/metadata/finalizers" }];
  await space.batch.patchNamespacedJob({ name, namespace: space.name, body: free });
});

test.concurrent("after a cut nothing is lost and nothing doubled, and the end is still told", async () => {
  const way = await wayToCluster();
  const run = space.run(`${LINE} for i in $(seq 0 39); do line $i said $i; sleep 0.25; done; ${LEAVE}`, {
    config: way.config,
  });
  const told: SeenRun[] = [];
  await run.cluster.watch((seen) => void told.push(seen));
  await run.cluster.ensure(run.spec);
  const numbers: number[] = [];
  let cuts = 0;
  for await (const line of run.cluster.follow(run.spec.name, 0, AbortSignal.timeout(150_000))) {
    numbers.push(line.n);
    if ((line.n === 10 || line.n === 20) && way.cut() > 0) cuts += 1;
  }
  expect(cuts).toBe(2);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, n) => n));
  await soon(() => expect(told).toHaveLength(1));
  expect(told[0]?.state.kind).toBe("ended");
  way.close();
});

test.concurrent("a watch that has gone silent is made again: nothing is lost, and the end is still told", async () => {
  const way = await wayToCluster();
  const run = space.run(`${LINE} for i in $(seq 0 19); do line $i said $i; sleep 0.25; done; ${LEAVE}`, {
    config: way.config,
  });
  const told: SeenRun[] = [];
  await run.cluster.watch((seen) => void told.push(seen));
  await run.cluster.ensure(run.spec);
  const numbers: number[] = [];
  for await (const line of run.cluster.follow(run.spec.name, 0, AbortSignal.timeout(150_000))) {
    numbers.push(line.n);
    if (line.n === 5) way.silence();
  }
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => n));
  await soon(() => expect(told).toHaveLength(1));
  expect(told[0]?.state.kind).toBe("ended");
  way.close();
});

test.concurrent("runs go with the service account that they belong to, whose token no pod has", async () => {
  const body = { metadata: { name: "cx-agent" }, automountServiceAccountToken: true };
  await space.core.createNamespacedServiceAccount({ namespace: space.name, body });
  const run = space.run(`${LINE} line 0 said "$(ls /var/run/secrets/kubernetes.io 2>&1)"; sleep 1000`, {
    serviceAccount: "cx-agent",
  });
  await run.cluster.ensure(run.spec);
  await atWork(run);
  expect((await podOf(run))?.spec?.serviceAccountName).toBe("cx-agent");
  await space.core.deleteNamespacedServiceAccount({ namespace: space.name, name: "cx-agent" });
  expect((await run.lines())[0]?.text).toContain("No such file");
  expect((await run.seen())?.state).toMatchObject({ kind: "lost", reason: "deleted" });
  await soon(async () => expect(await run.pods()).toEqual([]));
  await expect(run.cluster.ensure(run.spec)).rejects.toThrow(
    `There is no ServiceAccount cx-agent in the namespace ${space.name}.`,
  );
});

test.concurrent("what it spent is remembered with the run, over a restart", async () => {
  const run = space.run("sleep 1000");
  await run.cluster.remember(run.spec.name, 5);
  await run.cluster.ensure(run.spec);
  await run.cluster.remember(run.spec.name, 1234);
  await run.cluster.remember(run.spec.name, 1000);
  expect(await run.restarted().list()).toMatchObject([{ spent: 1234 }]);
});

test.concurrent("a run that is stopped is gone within 5 s, though it doesn't listen, and listed as ended", async () => {
  const run = space.run(`trap '' TERM; ${LINE} line 0 step begun; while :; do sleep 1; done`);
  await run.cluster.ensure(run.spec);
  await atWork(run);
  const other = run.restarted();
  expect(await other.list()).toHaveLength(1);
  const started = Date.now();
  await run.cluster.stop(run.spec.name, 5000);
  expect((await run.seen())?.state).toMatchObject({
    kind: "lost",
    reason: "deleted",
    say: "It was stopped.",
  });
  await soon(async () => expect(await run.pods()).toEqual([]));
  expect(Date.now() - started).toBeLessThan(5000);
  await soon(async () => expect((await other.list())[0]?.state).toMatchObject({ say: "It was stopped." }));
  await run.cluster.stop(run.spec.name, 5000);
  await run.cluster.stop("never-was", 5000);
  await run.cluster.forget(run.spec.name);
  expect(await run.seen()).toBeNull();
});

test.concurrent("a run is forgotten once it has ended; then nothing is left of it", async () => {
  const run = space.run(`sleep 2; ${LEAVE}`);
  const { name } = run.spec;
  const namespace = space.name;
  await run.cluster.ensure(run.spec);
  await expect(run.cluster.forget(name)).rejects.toThrow("still runs");
  await run.end();
  const job = await space.batch.readNamespacedJob({ name, namespace });
  expect(job.spec?.ttlSecondsAfterFinished).toBeUndefined();
  await run.cluster.forget(name);
  await run.cluster.forget(name);
  expect(await run.seen()).toBeNull();
  expect(await run.restarted().list()).toEqual([]);
  const left = async (): Promise<number> => {
    const [jobs, secrets] = await Promise.all([
      space.batch.listNamespacedJob({ namespace, fieldSelector: `metadata.name=${name}` }),
      space.core.listNamespacedSecret({ namespace, fieldSelector: `metadata.name=${name}` }),
    ]);
    return jobs.items.length + secrets.items.length + (await run.pods()).length;
  };
  await soon(async () => expect(await left()).toBe(0));
});

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
