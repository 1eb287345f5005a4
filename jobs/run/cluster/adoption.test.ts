import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Step } from "../../../agent-pod/runner/testing/script.ts";
import type { SeenRun } from "./cluster.ts";
import type { ProcessId } from "./process/alive.ts";
import { identify, isAlive } from "./process/alive.ts";
import type { Room } from "./process/testing/room.ts";
import { endedState, linesOf, lineWith, makeRoom, onlyRun } from "./process/testing/room.ts";

const REPORT: Step = { report: { title: "Add a" } };

let room: Room;
let work: Step[];
beforeEach(async () => {
  room = await makeRoom();
  work = [{ say: "At work." }, { shell: "true" }, room.held, { write: "a.txt", text: "a" }, REPORT];
});
afterEach(() => room.close());

function runnerOf(): ProcessId {
  return JSON.parse(readFileSync(room.path("pid.json"), "utf8")) as ProcessId;
}

/** A process that was and is no more. */
async function deadProcess(): Promise<ProcessId> {
  const child = spawn("sleep", ["60"]);
  const id = identify(child.pid ?? 0);
  child.kill("SIGKILL");
  await once(child, "exit");
  if (!id) throw new Error("sleep didn't start");
  return id;
}

test("many callers at once, in two processes' worth of clusters, start one runner", async () => {
  const clusters = [room.cluster([work]), room.cluster([work])];
  await Promise.all([...clusters, ...clusters].map((cluster) => cluster.ensure(room.spec())));
  room.release();
  const [first] = clusters;
  const lines = await linesOf(first!);
  expect(lines.filter((line) => line.text.startsWith("checked out"))).toHaveLength(1);
  expect(readdirSync(room.path("")).filter((name) => name.startsWith("start."))).toEqual(["start.0"]);
});

test("the follower killed with kill -9: the agent works on, and the next one adopts it", async () => {
  const [options, spec] = [join(room.world.dir, "options.json"), join(room.world.dir, "spec.json")];
  writeFileSync(options, JSON.stringify(room.options([work])));
  writeFileSync(spec, JSON.stringify(room.spec()));
  const keeper = spawn(process.execPath, [
    join(import.meta.dirname, "process/testing/keeper.ts"),
    options,
    spec,
  ]);
  const next = room.cluster([work]);
  await expect.poll(() => existsSync(room.path("pid.json")), { timeout: 20_000 }).toBe(true);
  await lineWith(next, "At work.");
  const exit = once(keeper, "exit");
  keeper.kill("SIGKILL");
  await exit;

  const runner = runnerOf();
  expect(isAlive(runner)).toBe(true);
  await next.ensure(room.spec());
  expect(runnerOf()).toEqual(runner);
  const told: SeenRun[] = [];
  const stop = await next.watch((run) => void told.push(run));
  room.release();
  const lines = await linesOf(next);
  expect(lines.map((line) => line.n)).toEqual(lines.map((_, at) => at));
  await expect.poll(() => told.length).toBe(1);
  await stop();
  expect(told[0]?.state).toMatchObject({ kind: "ended", outcome: { kind: "pushed", title: "Add a" } });
});

test("the starter killed after the start, before it noted the process: the runner is found, not doubled", async () => {
  const first = room.cluster([work]);
  await first.ensure(room.spec());
  const runner = runnerOf();
  rmSync(room.path("pid.json"));
  writeFileSync(room.path("start.0"), JSON.stringify(await deadProcess()));

  const next = room.cluster([work]);
  expect((await onlyRun(next)).state).toEqual({ kind: "running" });
  await next.ensure(room.spec());
  expect(runnerOf()).toEqual(runner);
  room.release();
  expect(await endedState(next)).toMatchObject({ kind: "ended", outcome: { kind: "pushed" } });
});

test("the starter killed before the start: the next one starts it", async () => {
  const first = room.cluster([work]);
  await first.ensure(room.spec());
  await first.stop(room.spec().name, 0);
  for (const name of ["pid.json", "ended.json", "halted.json"]) rmSync(room.path(name));
  writeFileSync(room.path("start.0"), JSON.stringify(await deadProcess()));

  const next = room.cluster([work]);
  expect((await onlyRun(next)).state).toEqual({ kind: "running" });
  await Promise.all([next.ensure(room.spec()), next.ensure(room.spec())]);
  expect(readdirSync(room.path("")).filter((name) => name.startsWith("start."))).toEqual([
    "start.0",
    "start.1",
  ]);
  room.release();
  expect(await endedState(next)).toMatchObject({ kind: "ended", outcome: { kind: "pushed" } });
});

test("a pid that was given to another process is not taken for the run, nor killed", async () => {
  const first = room.cluster([work]);
  await first.ensure(room.spec());
  // Start times count in hundredths of a second.
  await sleep(50);
  const innocent = spawn("sleep", ["60"]);
  writeFileSync(room.path("pid.json"), JSON.stringify({ ...runnerOf(), pid: innocent.pid }));

  const next = room.cluster([work]);
  expect((await onlyRun(next)).state).toMatchObject({ kind: "lost", reason: "crashed" });
  expect(identify(innocent.pid ?? 0)).not.toBeNull();
  innocent.kill();
});
