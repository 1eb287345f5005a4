import { afterAll, beforeAll, expect, test } from "vitest";

import type { SeenRun } from "./cluster.ts";
import { RunRefused } from "./cluster.ts";
import { jobOf } from "./manifest.ts";
import { wayToCluster } from "./kubernetes/testing/proxy.ts";
import type { Namespace } from "./kubernetes/testing/room.ts";
import { makeNamespace } from "./kubernetes/testing/room.ts";
import { atWork, LEAVE, LINE, podOf, soon } from "./kubernetes/testing/script.ts";

let space: Namespace;
beforeAll(async () => {
  space = await makeNamespace();
});
afterAll(() => space.remove());

test.concurrent("a run is started, followed to its end, and seen with its outcome and answers", async () => {
  const answer = `printf '{"n":2,"kind":"answer","id":"rc1","text":"Done."}\\n'`;
  const run = space.run(`${LINE} line 0 step begun; echo noise; line 1 said hello; ${answer}; ${LEAVE}`);
  const labels = { ...run.spec.labels, purpose: "fix" as const };
  const told: SeenRun[] = [];
  const unwatch = await run.cluster.watch((seen) => void told.push(seen));
  await run.cluster.ensure({ ...run.spec, labels });
  expect(await run.seen()).toMatchObject({
    name: run.spec.name,
    labels,
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
    over: { spec: { terminationGracePeriodSeconds: 1 } },
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

// Not beside others: it is about time.
test("a run that is stopped is gone within 5 s, though it doesn't listen, and listed as ended", async () => {
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
