import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { afterEach, expect, it } from "vitest";

import { startStack } from "../twin/demo/stack.ts";
import type { Stack } from "../twin/demo/stack.ts";
import { tellShortStory } from "../twin/demo/story.ts";

const PATIENCE_MS = 240_000;

let stack: Stack;
const ending = new AbortController();
afterEach(() => stack.stop());

const start = async (): Promise<Stack> =>
  (stack = await startStack({ tell: () => {}, env: {}, noted: true }));

const story = (): Promise<void> =>
  tellShortStory(
    {
      api: stack.twin.world.urls.api,
      owner: stack.owner,
      repo: stack.repo,
      ...stack.tokens,
      tell: () => {},
      signal: ending.signal,
    },
    "merged",
  );

/** The pids of the runners of all runs, by run. */
async function runners(): Promise<Record<string, number>> {
  const runs = join(stack.dir, "coxswain", "runs");
  const names = await readdir(runs).catch(() => []);
  const pids = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(runs, name, "pid.json"), "utf8").catch(() => null);
      return text === null ? [] : [[name, (JSON.parse(text) as { pid: number }).pid] as const];
    }),
  );
  return Object.fromEntries(pids.flat());
}

async function until<T>(seen: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = await seen();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error("What the test waits for didn't come within a minute.");
}

const atWork = () =>
  until(async () => Object.entries(await runners()).find(([name]) => name.includes("implement")));

it(
  "the app is killed while an agent works: the next one adopts the same process, and the story goes on",
  async () => {
    await start();
    const told = story();
    const [run, pid] = await atWork();
    await stack.app.kill();
    await sleep(1000);
    expect(await runners()).toMatchObject({ [run]: pid });
    await stack.app.start();
    expect(await runners()).toMatchObject({ [run]: pid });
    await expect(told).resolves.toBeUndefined();
    const log = await readFile(stack.log, "utf8");
    expect(log).not.toContain("implement-2");
  },
  PATIENCE_MS,
);

it(
  "Redis is killed right after a webhook's 200, and started again: the story goes on",
  async () => {
    await start();
    const told = story();
    const pid = await until(async () => {
      const { stdout } = await promisify(execFile)("pgrep", [
        "-f",
        join(stack.dir, "coxswain", "redis"),
      ]).catch(() => ({ stdout: "" }));
      const labelled = [...stack.twin.world.state.deliveries.rows.values()].find(
        (each) => each.event === "issues" && each.action === "labeled",
      );
      const [first] = stdout.trim().split("\n").map(Number);
      return first && labelled?.statusCode === 200 ? first : undefined;
    });
    process.kill(pid, "SIGKILL");
    await expect(told).resolves.toBeUndefined();
  },
  PATIENCE_MS,
);
