import type { V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";

import { kubectl, list } from "./kubectl.ts";
import { searchObjects, searchPod, secretsOf } from "./secrets.ts";
import { until } from "./until.ts";
import { useWorld } from "./world.ts";

/** Two of each, and the chart's own Redis, with a password. */
const world = useWorld({ builtInRedis: true, values: { app: { replicas: 2 }, gate: { replicas: 2 } } });

test("no credential but the run's own pass is in its pod, or in what the app makes", async () => {
  const { pod, issue, release } = await world().atWork({ from: 1 });
  const pass = (await world().exec(pod, "cat", "/run/coxswain/pass")).trim();
  const sought = {
    ...(await secretsOf(world())),
    "an app's token": "ghs_",
    "a key": "PRIVATE KEY-----",
    pass,
  };
  const inPod = await searchPod(pod, sought);
  expect(inPod.filter((found) => !found.startsWith("pass in "))).toEqual([]);
  // It does find what is there: the file, and what the agent was given as its key of the model.
  expect(inPod.some((found) => found.startsWith("pass in /run/coxswain/"))).toBe(true);
  expect(inPod.some((found) => /^pass in \/proc\/\d+\/environ$/.test(found))).toBe(true);
  const run = (await world().jobs(issue))[0]?.metadata?.name;
  expect(await searchObjects(world().agents, sought)).toEqual([`pass in Secret ${run}`]);
  await release();
  await issue.reaches("in review");
});

test("two replicas, told of everything twice: one pod a run", async () => {
  await world().github.admin("PUT /_twin/faults", { doubleDeliveries: true });
  const works = await Promise.all([world().atWork(), world().atWork()]);
  for (const { issue, pod } of works)
    expect((await world().pods(issue)).map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
  for (const { release } of works) await release();
  for (const { issue, pod, asked } of works) {
    await issue.reaches("in review");
    expect((await world().pods(issue)).map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
    expect(await asked()).toBe(2);
    expect(await issue.runs()).toEqual([
      ["plan", "1", "done"],
      ["implement", "1", "done"],
    ]);
  }
  await world().github.admin("PUT /_twin/faults", { doubleDeliveries: false });
});

test("an upgrade to another tag and other values: the agent at work goes on, and no answer of the model is cut", async () => {
  const { issue, pod, file, asked, release } = await world().atWork();
  await world().model.speakSlowly(file);
  await release();
  await until("its last answer to begin", async () => (await asked()) === 2);
  await world().upgrade({ image: { tag: "next" }, app: { replicas: 2, maxRuns: 7 } });
  const images = (await list<V1Pod>(world().namespace, "pods"))
    .filter(({ metadata }) => !metadata?.deletionTimestamp)
    .map(({ spec }) => spec?.containers[0]?.image);
  expect(images.filter((image) => image === "localhost/coxswain-app:next")).toHaveLength(4);
  // The answer was under way all the time.
  expect(await issue.phase()).toBe("working");
  await issue.reaches("in review");
  expect(await asked()).toBe(2);
  expect((await world().pods(issue)).map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
  expect(await issue.runs()).toContainEqual(["implement", "1", "done"]);
});

test("uninstalled with an agent at work: nothing is left of it either", async () => {
  await world().atWork();
  await world().uninstall();
  const { agents } = world();
  const gone = async () =>
    (await kubectl(["get", "namespace", agents, "--ignore-not-found", "-o", "name"])) === "";
  await until("the agents' namespace to go, and all that is in it", gone, 90);
  const kinds =
    "jobs,pods,deployments,statefulsets,services,persistentvolumeclaims,networkpolicies,roles,rolebindings";
  const left = () => kubectl(["get", kinds, "-n", world().namespace, "-o", "name"]);
  await until("all that the chart made to go", async () => (await left()).trim() === "", 90);
  expect((await kubectl(["get", "secrets", "-n", world().namespace, "-o", "name"])).trim()).toBe(
    "secret/coxswain",
  );
});
