import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Brief } from "../../../agent-pod/contract/brief.ts";
import type { Step } from "../../../agent-pod/runner/testing/script.ts";
import type { SeenRun } from "./cluster.ts";
import type { Room } from "./process/testing/room.ts";
import { endedState, linesOf, lineWith, makeRoom, NAME, onlyRun } from "./process/testing/room.ts";

const CHANGE: Step = { write: "a.txt", text: "a" };
const REPORT: Step = { report: { title: "Add a", answers: { rc1: "Done." } } };
const FEEDBACK: Brief["feedback"] = [{ id: "rc1", kind: "thread", by: "ada", text: "Please add a." }];

let room: Room;
beforeEach(async () => {
  room = await makeRoom();
});
afterEach(() => room.close());

test("a run is started, followed to its end, and seen with its outcome and answers", async () => {
  const cluster = room.cluster([[CHANGE, REPORT]]);
  await cluster.ensure(room.spec({ feedback: FEEDBACK }));
  expect(await onlyRun(cluster)).toMatchObject({ name: NAME, state: { kind: "running" }, spent: 0 });

  const lines = await linesOf(cluster);

  expect(lines.map((line) => line.n)).toEqual(lines.map((_, at) => at));
  expect(lines.at(-1)).toMatchObject({ kind: "step", text: "outcome: pushed" });
  expect((await linesOf(cluster, 3)).map((line) => line.n)).toEqual(lines.slice(3).map((line) => line.n));
  expect((await onlyRun(cluster)).state).toMatchObject({
    kind: "ended",
    outcome: { kind: "pushed", title: "Add a" },
    answers: { rc1: "Done." },
  });
});

test("the pass is in no file once the run is at work, nor in its environment", async () => {
  const cluster = room.cluster([[{ shell: "grep -rl cxp_ .. $HOME | head" }, room.held]]);
  await cluster.ensure(room.spec());
  const found = await lineWith(cluster, "exit code 0");
  expect(found.text).toBe("(exit code 0)");
  expect(existsSync(room.path("out/pass"))).toBe(false);
  const { pid } = JSON.parse(readFileSync(room.path("pid.json"), "utf8")) as { pid: number };
  expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain("cxp_");
});

test.runIf(process.getuid?.() === 0)(
  "as root a run has a user of its own, who sees nothing of ours",
  async () => {
    const tries =
      "id -u; id -G; echo $HOME; ls ../..; cat ../../spec.json ../../lines.log; echo false >> ../../lines.log";
    const cluster = room.cluster([[{ shell: tries }]]);
    await cluster.ensure(room.spec());
    const said = (await linesOf(cluster)).find((line) => line.kind === "said")?.text ?? "";
    const uid = statSync(room.path("home")).uid;
    expect(uid).toBeGreaterThanOrEqual(20_000);
    expect(said.split("\n").slice(0, 3)).toEqual([String(uid), String(uid), room.path("home")]);
    expect(said.match(/Permission denied/g)).toHaveLength(4);
  },
);

test.runIf(process.getuid?.() === 0)(
  "as root a folder that the run's user can't enter is said, not stumbled over",
  async () => {
    const cluster = room.cluster([[]]);
    chmodSync(room.world.dir, 0o700);
    await expect(cluster.ensure(room.spec())).rejects.toThrow(
      `that one can't enter ${room.world.dir}, which it needs for ${room.path("")}`.replace(/\/$/, ""),
    );
    chmodSync(room.world.dir, 0o755);
    await cluster.ensure(room.spec());
  },
);

test("what it spent is remembered with the run, over a restart", async () => {
  const cluster = room.cluster([[room.held]]);
  await cluster.remember(NAME, 5);
  await cluster.ensure(room.spec());
  await cluster.remember(NAME, 1234);
  expect(await onlyRun(room.cluster([[]]))).toMatchObject({ spent: 1234 });
});

test("runs are listed by issue", async () => {
  const cluster = room.cluster([[room.held]]);
  await cluster.ensure(room.spec());
  expect(await cluster.list({ repositoryId: 1, issue: 12 })).toHaveLength(1);
  expect(await cluster.list({ repositoryId: 1, issue: 13 })).toEqual([]);
  expect(await cluster.list({ repositoryId: 2, issue: 12 })).toEqual([]);
});

test("a run is forgotten once it has ended, and then may be started anew", async () => {
  const cluster = room.cluster([[room.held, { shell: "mkdir -m 0500 $HOME/stiff && echo x" }]]);
  await cluster.ensure(room.spec());
  await expect(cluster.forget(NAME)).rejects.toThrow("still runs");
  room.release();
  await linesOf(cluster);
  await cluster.forget(NAME);
  await cluster.forget(NAME);
  expect(await cluster.list()).toEqual([]);
  expect(existsSync(room.path(""))).toBe(false);
  await cluster.ensure(room.spec());
  expect(await endedState(cluster)).toMatchObject({ kind: "ended" });
});

test("another run's name can't be taken, and a name can't be a path", async () => {
  const cluster = room.cluster([[room.held]]);
  const spec = room.spec();
  await cluster.ensure(spec);
  await expect(cluster.ensure({ ...spec, labels: { ...spec.labels, issue: 13 } })).rejects.toThrow(
    "another run",
  );
  await cluster.ensure({ ...spec, labels: { ...spec.labels, repository: "octo/renamed" } });
  await expect(cluster.ensure({ ...spec, name: "../x" })).rejects.toThrow("can't be the name");
});

test("the end of a run is told once, also of one that ended while nobody watched", async () => {
  const first = room.cluster([[CHANGE, REPORT]]);
  const told: SeenRun[] = [];
  const stop = await first.watch((run) => void told.push(run));
  await first.ensure(room.spec());
  await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
  await stop();
  expect(told[0]).toMatchObject({ name: NAME, state: { kind: "ended" } });

  const later: SeenRun[] = [];
  const stopLater = await room.cluster([[]]).watch((run) => void later.push(run));
  await expect.poll(() => later.length).toBe(1);
  await stopLater();
  expect(told).toHaveLength(1);
});
