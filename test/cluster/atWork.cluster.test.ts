import type { V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";

import { MARK } from "../../jobs/run/cluster/kubernetes/marks.ts";
import { kubectl, list } from "./kubectl.ts";
import { until } from "./until.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test("the app's pod is deleted three times while an agent works: the same pod is adopted, and finishes", async () => {
  const { issue, pod, asked, release } = await world().atWork();
  // As a crash, as a crash again before the new one is ready, and, once one was, as a node's drain.
  const crash = ["--grace-period=0", "--force"];
  const deleted = [await deleteApp([], crash)];
  deleted.push(await deleteApp(deleted, crash));
  await app(deleted, "ready");
  deleted.push(await deleteApp(deleted));
  await app(deleted, "ready");
  expect(new Set(deleted).size).toBe(3);
  await release();
  await issue.reaches("in review");
  const pods = await world().pods(issue);
  expect(pods.map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
  expect(await issue.runs()).toEqual([
    ["plan", "1", "done"],
    ["implement", "1", "done"],
  ]);
  expect(await asked()).toBe(2);
  await issue.merge((await issue.pull("write")).number);
  await issue.reaches("done");
});

test("the label is removed: the pod is gone within 5 s", async () => {
  const { issue, release } = await world().atWork();
  await issue.maintainer.issues.removeLabel({ ...issue.at, issue_number: issue.number, name: "agent" });
  const began = Date.now();
  await until("the pod to be gone", async () => (await world().pods(issue)).length === 0);
  expect(Date.now() - began).toBeLessThan(5000);
  await issue.reaches("stopped");
  await release();
});

test("a dry look from the app's own pod sees the agent at work, and changes nothing", async () => {
  const { issue, pod, release } = await world().atWork();
  const { owner, repo } = issue.at;
  const look = ["node", "app/cli/advance.ts", `${owner}/${repo}#${issue.number}`, "--dry"];
  const { name } = await app([], "ready");
  const printed = await kubectl(["exec", "-n", world().namespace, name, "--", ...look]);
  expect(JSON.parse(printed)).toMatchObject({
    phase: "working",
    effects: [],
    snapshot: {
      runs: [{ labels: { issue: issue.number, purpose: "implement" }, state: { kind: "running" } }],
    },
  });
  expect((await world().pods(issue)).map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
  await release();
  await issue.reaches("in review");
});

test("Redis is emptied while an agent works: nothing is lost, nothing doubled, and its budget doesn't grow", async () => {
  const { issue, pod, asked, release } = await world().atWork({ from: 1 });
  const run = (await world().jobs(issue))[0]?.metadata?.name ?? "";
  const spent = async (): Promise<number> => {
    const values = await redis("hmget", `coxswain:${world().github.appId}:spent:${run}`, "spent", "held");
    return values.split("\n").reduce((sum, value) => sum + Number(value), 0);
  };
  const before = await until("the first answer to be counted", spent);
  // It remembers with the Job what was spent, at each renewal of the lease: every 15 s.
  await until("the Job to remember it", async () => (await remembered(run)) >= before, 30);
  await redis("flushall");
  await until("the spend to be back", async () => (await spent()) >= before, 60);
  await release();
  await issue.reaches("in review");
  expect((await world().pods(issue)).map(({ metadata }) => metadata?.uid)).toEqual([pod.uid]);
  expect(await asked()).toBe(2);
  expect(await issue.runs()).toEqual([
    ["plan", "1", "done"],
    ["implement", "1", "done"],
  ]);
  const pulls = await issue.maintainer.pulls.list({ ...issue.at, state: "all" });
  expect(pulls.data.filter(({ head }) => head.ref.startsWith(`agent/${issue.number}/`))).toHaveLength(1);
});

/** The app's pod that came after these (uids), once it is there or, with `ready`, can be used. */
const app = (after: string[], ready?: "ready"): Promise<{ name: string; uid: string }> =>
  until(`an app's pod after ${after.length} others`, async () => {
    const pods = await list<V1Pod>(world().namespace, "pods", "app.kubernetes.io/component=app");
    const pod = pods.find(({ metadata }) => !after.includes(metadata?.uid ?? ""));
    const isReady = pod?.status?.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    );
    const { name, uid } = pod?.metadata ?? {};
    return name !== undefined && uid !== undefined && (isReady || !ready) ? { name, uid } : null;
  });

/** Deletes the app's pod that came after these, and waits until it is gone; its uid. */
async function deleteApp(after: string[], how: string[] = []): Promise<string> {
  const { name, uid } = await app(after);
  await kubectl(["delete", "pod", "-n", world().namespace, name, ...how]);
  return uid;
}

async function remembered(run: string): Promise<number> {
  const [job] = (await world().jobs()).filter(({ metadata }) => metadata?.name === run);
  return Number(job?.metadata?.annotations?.[MARK.spent] ?? 0);
}

const redis = (...command: string[]): Promise<string> =>
  kubectl(["exec", "-n", world().props, "redis", "--", "redis-cli", "--raw", ...command]);
