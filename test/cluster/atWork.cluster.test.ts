import { expect, test } from "vitest";

import { MARK } from "../../jobs/run/cluster/kubernetes/marks.ts";
import { NAME } from "./install.ts";
import { kubectl } from "./kubectl.ts";
import { until } from "./until.ts";
import { useWorld } from "./world.ts";

const world = useWorld();

test("the app's pod is deleted three times while an agent works: the same pod is adopted, and finishes", async () => {
  const { issue, pod, asked, release } = await world().atWork();
  // As a crash, as a crash again before the new one has found its way, and as a node's drain.
  await deleteApp("--grace-period=0", "--force");
  await deleteApp("--grace-period=0", "--force");
  await deleteApp();
  await appIsReady();
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

/** Deletes the app's pod, and waits until it is gone. */
async function deleteApp(...how: string[]): Promise<void> {
  const selector = "app.kubernetes.io/component=app";
  await kubectl(["delete", "pod", "-n", world().namespace, "-l", selector, ...how]);
}

/** Waits for the pod that came in its place. */
async function appIsReady(): Promise<void> {
  const { namespace } = world();
  await kubectl(["rollout", "status", "-n", namespace, `deployment/${NAME}-app`, "--timeout=60s"]);
}

async function remembered(run: string): Promise<number> {
  const [job] = (await world().jobs()).filter(({ metadata }) => metadata?.name === run);
  return Number(job?.metadata?.annotations?.[MARK.spent] ?? 0);
}

const redis = (...command: string[]): Promise<string> =>
  kubectl(["exec", "-n", world().props, "redis", "--", "redis-cli", "--raw", ...command]);
