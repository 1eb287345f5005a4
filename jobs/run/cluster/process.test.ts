import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Brief } from "../../../agent-pod/contract/brief.ts";
import type { Line } from "../../../agent-pod/contract/lines.ts";
import type { Step } from "../../../agent-pod/runner/testing/script.ts";
import type { World } from "../../../agent-pod/runner/testing/world.ts";
import { briefFor, makeWorld, PASS, scripted } from "../../../agent-pod/runner/testing/world.ts";
import type { Cluster, RunSpec, SeenRun } from "./cluster.ts";
import { processCluster } from "./process.ts";

const NAME = "demo-12-add-implement-1";
let world: World;
let clusters: Cluster[];

beforeEach(async () => {
  world = await makeWorld();
  chmodSync(world.dir, 0o755);
  clusters = [];
});
afterEach(async () => {
  for (const cluster of clusters) for (const run of await cluster.list()) await cluster.stop(run.name, 0);
  await world.close();
});

function clusterOf(turns: Step[][], marginMinutes?: number): Cluster {
  const cluster = processCluster({
    dir: join(world.dir, "cluster"),
    gate: world.door.url,
    agentCommand: scripted(world, turns),
    ...(marginMinutes === undefined ? {} : { marginMinutes }),
  });
  clusters.push(cluster);
  return cluster;
}

function specFor(changes: Partial<Brief> = {}): RunSpec {
  const labels = {
    repository: "octo/demo",
    repositoryId: 1,
    installationId: 7,
    issue: 12,
    task: "add",
    attempt: 1,
  };
  return {
    name: NAME,
    labels: { ...labels, purpose: "implement" },
    brief: briefFor(world, changes),
    pass: PASS,
  };
}

async function linesOf(cluster: Cluster): Promise<Line[]> {
  return Array.fromAsync(cluster.follow(NAME, 0, new AbortController().signal));
}

async function only(cluster: Cluster): Promise<SeenRun> {
  const runs = await cluster.list();
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

const path = (...parts: string[]): string => join(world.dir, "cluster/runs", NAME, ...parts);

test("a run is started, followed to its end and seen with its outcome and answers", async () => {
  const cluster = clusterOf([
    [{ write: "a.txt", text: "a" }, { report: { title: "Add a", answers: { rc1: "Done." } } }],
  ]);
  const feedback: Brief["feedback"] = [{ id: "rc1", kind: "thread", by: "ada", text: "Please add a." }];
  await cluster.ensure(specFor({ feedback }));
  expect((await only(cluster)).state).toEqual({ kind: "running" });

  const lines = await linesOf(cluster);

  expect(lines.map((line) => line.n)).toEqual(lines.map((_, at) => at));
  expect(lines.at(-1)).toMatchObject({ kind: "step", text: "outcome: pushed" });
  expect((await only(cluster)).state).toMatchObject({
    kind: "ended",
    outcome: { kind: "pushed", title: "Add a" },
    answers: { rc1: "Done." },
  });
  expect(existsSync(path("out/pass"))).toBe(false);
});
