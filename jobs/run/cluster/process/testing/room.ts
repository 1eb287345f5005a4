import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Brief } from "../../../../../agent-pod/contract/brief.ts";
import type { Step } from "../../../../../agent-pod/runner/testing/script.ts";
import type { World } from "../../../../../agent-pod/runner/testing/world.ts";
import { briefFor, makeWorld, PASS, scripted } from "../../../../../agent-pod/runner/testing/world.ts";
import type { Cluster, RunSpec, SeenRun, SeenLine } from "../../cluster.ts";
import type { ProcessClusterOptions } from "../../process.ts";
import { processCluster } from "../../process.ts";

export const NAME = "demo-12-add-implement-1";

/** A repository behind a door, and a folder for runs, for one test. */
export interface Room {
  world: World;
  dir: string;
  options(turns: Step[][]): ProcessClusterOptions;
  /** A process runtime of its own over the same folder, as after a restart. */
  cluster(turns: Step[][], more?: Partial<ProcessClusterOptions>): Cluster;
  spec(changes?: Partial<Brief>): RunSpec;
  /** A path in the run's folder. */
  path(name: string): string;
  /** Steps that last until `release` is called. */
  held: Step;
  release(): void;
  close(): Promise<void>;
}

export async function makeRoom(): Promise<Room> {
  const world = await makeWorld();
  const dir = join(world.dir, "cluster");
  const clusters: Cluster[] = [];
  const gone = join(world.dir, "go");
  const options = (turns: Step[][]): ProcessClusterOptions => ({
    dir,
    gate: world.door.url,
    agentCommand: scripted(world, turns),
  });
  return {
    world,
    dir,
    options,
    cluster: (turns, more = {}) => {
      const cluster = processCluster({ ...options(turns), ...more });
      clusters.push(cluster);
      return cluster;
    },
    spec: (changes = {}) => ({
      name: NAME,
      labels: {
        repository: "octo/demo",
        repositoryId: 1,
        installationId: 7,
        issue: 12,
        task: "add",
        purpose: "implement",
        attempt: 1,
      },
      brief: briefFor(world, changes),
      image: null,
      size: null,
      pass: PASS,
    }),
    path: (name) => join(dir, "runs", NAME, name),
    held: { waitForFile: gone },
    release: () => {
      if (!existsSync(gone)) writeFileSync(gone, "");
    },
    close: async () => {
      for (const cluster of clusters) for (const run of await cluster.list()) await cluster.stop(run.name, 0);
      await world.close();
    },
  };
}

/** All lines of the run, to its end. */
export function linesOf(cluster: Cluster, from = 0): Promise<SeenLine[]> {
  return Array.fromAsync(cluster.follow(NAME, from, new AbortController().signal));
}

/** Waits for a line that holds `text`. */
export async function lineWith(cluster: Cluster, text: string): Promise<SeenLine> {
  for await (const line of cluster.follow(NAME, 0, AbortSignal.timeout(30_000))) {
    if (line.text.includes(text)) return line;
  }
  throw new Error(`The run ended without a line with ${text}.`);
}

/** The one run that the cluster lists. */
export async function onlyRun(cluster: Cluster): Promise<SeenRun> {
  const [run, ...others] = await cluster.list();
  if (!run || others.length > 0) throw new Error(`There are ${others.length + (run ? 1 : 0)} runs, not one.`);
  return run;
}

/** The state of the one run, when it has ended. */
export async function endedState(cluster: Cluster): Promise<SeenRun["state"]> {
  await linesOf(cluster);
  return (await onlyRun(cluster)).state;
}
