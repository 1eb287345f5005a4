import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Step } from "../../../agent-pod/runner/testing/script.ts";
import type { ProcessId } from "./process/alive.ts";
import { findProcesses, hasEnvironment } from "./process/alive.ts";
import type { Room } from "./process/testing/room.ts";
import { endedState, linesOf, lineWith, makeRoom, NAME, onlyRun } from "./process/testing/room.ts";

const AT_WORK: Step[] = [{ say: "At work." }, { shell: "true" }];

let room: Room;
beforeEach(async () => {
  room = await makeRoom();
});
afterEach(() => room.close());

function runnerPid(): number {
  return (JSON.parse(readFileSync(room.path("pid.json"), "utf8")) as ProcessId).pid;
}

/** The run's processes that still live: all of them have its HOME. */
function alive(): number[] {
  return findProcesses((pid) => hasEnvironment(pid, `HOME=${room.path("home")}`));
}

test("a run that is stopped is asked first, and says so", async () => {
  const cluster = room.cluster([[{ write: "a.txt", text: "a" }, ...AT_WORK, { hang: true }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  await cluster.stop(NAME, 20_000);
  expect((await onlyRun(cluster)).state).toMatchObject({
    kind: "ended",
    outcome: { kind: "failed", reason: "stopped", say: "It was stopped; what it had is pushed." },
  });
  await cluster.stop(NAME, 20_000);
  await cluster.stop("never-was", 20_000);
});

test("one that doesn't listen is killed with all that it started, whatever group that is in", async () => {
  const stubborn =
    "setsid bash -c 'trap \"\" TERM INT HUP; while :; do sleep 1; done' > /dev/null 2>&1 & sleep 0.3";
  const cluster = room.cluster([[{ shell: stubborn }, ...AT_WORK, { hang: true }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  expect(alive().length).toBeGreaterThan(2);
  await cluster.stop(NAME, 0);
  expect(alive()).toEqual([]);
  expect((await onlyRun(cluster)).state).toMatchObject({
    kind: "lost",
    reason: "deleted",
    say: "It was stopped.",
  });
});

test("what a run leaves running in the background ends with it", async () => {
  const cluster = room.cluster([[{ shell: "setsid sleep 1000 > /dev/null 2>&1 &" }]]);
  await cluster.ensure(room.spec());
  await endedState(cluster);
  expect(alive()).toEqual([]);
});

test("a runner that is killed: lost, with its last words", async () => {
  const cluster = room.cluster([[...AT_WORK, { hang: true }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  appendFileSync(room.path("err.log"), "FATAL: out of memory\n");
  process.kill(runnerPid(), "SIGKILL");
  expect(await endedState(cluster)).toMatchObject({
    kind: "lost",
    reason: "crashed",
    say: "It ended without an outcome. Its last words: FATAL: out of memory",
  });
  expect(alive()).toEqual([]);
});

test("a runner that can't even start: lost, with its last words", async () => {
  const cluster = room.cluster([[]], { env: { COXSWAIN_GATE: "nowhere" } });
  await cluster.ensure(room.spec());
  expect(await endedState(cluster)).toMatchObject({
    kind: "lost",
    reason: "crashed",
    say: expect.stringContaining("COXSWAIN_GATE") as string,
  });
});

test("a run past its deadline that doesn't end by itself is ended, by whoever looks, also after a restart", async () => {
  const cluster = room.cluster([[...AT_WORK, { hang: true }]], { marginMinutes: 0 });
  await cluster.ensure(room.spec({ limits: { minutes: 0.05, tokens: 1 } }));
  process.kill(runnerPid(), "SIGSTOP");
  const next = room.cluster([[]]);
  expect(await endedState(next)).toMatchObject({
    kind: "lost",
    reason: "deadline",
    say: expect.stringContaining("didn't end by itself") as string,
  });
  expect(alive()).toEqual([]);
});

test("a false outcome that no runner would write is none", async () => {
  const cluster = room.cluster([[...AT_WORK, { hang: true }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  execFileSync("/usr/bin/env", ["mkfifo", room.path("out/outcome.json")]);
  expect((await onlyRun(cluster)).state).toEqual({ kind: "running" });
  process.kill(runnerPid(), "SIGKILL");
  expect(await endedState(cluster)).toMatchObject({ kind: "lost", reason: "crashed" });
});

test("a true-looking outcome counts for nothing while the run goes on, and the runner's own replaces it", async () => {
  const forge = `echo '{"kind":"nothing","say":"false"}' > $HOME/../out/outcome.json`;
  const cluster = room.cluster([[{ shell: forge }, ...AT_WORK, room.held, { write: "a.txt", text: "a" }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  expect((await onlyRun(cluster)).state).toEqual({ kind: "running" });
  room.release();
  expect(await endedState(cluster)).toMatchObject({ kind: "ended", outcome: { kind: "pushed" } });
});

test("false lines in the log are dropped", async () => {
  const cluster = room.cluster([[...AT_WORK, room.held]]);
  await cluster.ensure(room.spec());
  const { n } = await lineWith(cluster, "At work.");
  const lines = [
    "not json",
    `{"n":${n},"kind":"said","text":"twice"}`,
    '{"n":0,"kind":"answer","id":"rc1","text":"early"}',
    '{"n":1000,"kind":"merged","text":"no such kind"}',
    `{"n":1001,"kind":"said","text":"${"x".repeat(10_000)}"}`,
    "x".repeat(600_000),
  ];
  appendFileSync(room.path("lines.log"), `${lines.join("\n")}\n`);
  room.release();
  const all = await linesOf(cluster);
  expect(all.map((line) => line.n)).toEqual(all.map((_, at) => at));
  expect(all.at(-1)?.text).toBe("outcome: nothing");
});

test("a log that runs over ends the run", async () => {
  const cluster = room.cluster([[...AT_WORK, { hang: true }]]);
  await cluster.ensure(room.spec());
  await lineWith(cluster, "At work.");
  process.kill(runnerPid(), "SIGSTOP");
  appendFileSync(room.path("err.log"), Buffer.alloc(33 * 1024 * 1024, "x"));
  expect(await endedState(cluster)).toMatchObject({
    kind: "lost",
    reason: "crashed",
    say: "It was ended because its log ran over.",
  });
});
