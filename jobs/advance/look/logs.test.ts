import { describe, expect, test } from "vitest";

import type { Pull } from "../decide/snapshot.ts";
import { endOf, withLogs } from "./logs.ts";
import { app, checkRun, commits, pullFields, readOnly, refusal } from "./madeUp.ts";
import type { Answers } from "./madeUp.ts";
import { pull } from "./pull.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();
const repository = { id: 4711, owner: "acme", name: "shop" };

const pullWith = (...runs: Parameters<typeof checkRun>[]): Pull =>
  pull(
    pullFields({
      commits: commits(runs.map((run, i) => checkRun(run[0], { name: `test ${i}`, ...run[1] }))),
    }),
    app,
  );
const FAILED = { conclusion: "FAILURE" as const };

const logsOf = (pull: Pull): (string | null)[] =>
  pull.checks.map((check) => (check.kind === "run" ? check.log : null));

async function read(of: Pull, answers: Answers, taken: string[] = []) {
  const github = readOnly(answers);
  const seen = await withLogs(
    github,
    redis(),
    { prefix: "coxswain:7", repository, taken: new Set(taken) },
    of,
  );
  return { calls: github.calls.length, logs: logsOf(seen) };
}

const log: Answers = ({ variables }) => `log of ${JSON.stringify(variables)}`;

describe("logs", () => {
  test("of failed Actions jobs are read, once", async () => {
    const of = pullWith(
      [8],
      [9, FAILED],
      [10, { ...FAILED, checkSuite: { id: "CS_2", app: { slug: "other-ci" } } }],
    );
    const logs = [null, 'log of {"owner":"acme","repo":"shop","job_id":9}', null];
    expect(await read(of, log)).toEqual({ calls: 1, logs });
    expect(await read(of, log)).toEqual({ calls: 0, logs });
  });

  test("may come as bytes", async () => {
    expect(await read(pullWith([9, FAILED]), () => new TextEncoder().encode("böse").buffer)).toMatchObject({
      logs: ["böse"],
    });
  });

  test.each([
    ["while a check runs", pullWith([9, FAILED], [10, { status: "IN_PROGRESS", conclusion: null }]), []],
    ["of a closed pull request", { ...pullWith([9, FAILED]), state: "closed" as const }, []],
    ["of what was taken already", pullWith([9, FAILED]), ["cr9"]],
  ])("aren't read %s", async (_, of, taken) => {
    expect((await read(of, log, taken)).calls).toBe(0);
  });

  test("of the first five jobs of a matrix must do", async () => {
    const of = pullWith([1, FAILED], [2, FAILED], [3, FAILED], [4, FAILED], [5, FAILED], [6, FAILED]);
    const { calls, logs } = await read(of, log);
    expect(calls).toBe(5);
    expect(logs.filter((each) => each === null)).toHaveLength(1);
  });

  test.each([403, 404, 410])("that GitHub refuses with %i are done without for a minute", async (status) => {
    expect(await read(pullWith([9, FAILED]), () => refusal(status))).toEqual({ calls: 1, logs: [null] });
    expect(await read(pullWith([9, FAILED]), log)).toEqual({ calls: 0, logs: [null] });
    expect(await redis().ttl("coxswain:7:log:4711:cr9")).toBeLessThanOrEqual(60);
  });

  test("that fail otherwise stop the look", async () => {
    await expect(read(pullWith([9, FAILED]), () => new Error("502"))).rejects.toThrow("502");
  });
});

describe("the end of a log", () => {
  test("has no times and no colours", () => {
    const text =
      "\uFEFF2026-01-01T12:00:00.1234567Z \u001B[31mError:\u001B[0m no\r\n2026-01-01T12:00:01.0000000Z   at 2026-01-01T12:00:00Z x\n";
    expect(endOf(text)).toBe("Error: no\n  at 2026-01-01T12:00:00Z x");
  });

  test("is its last 200 lines, and at most 16 KiB", () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n");
    expect(endOf(lines).split("\n")).toHaveLength(200);
    expect(endOf(lines).startsWith("line 101\n")).toBe(true);
    expect(endOf(`${"x".repeat(20_000)}end`)).toHaveLength(16 * 1024);
    expect(endOf(`${"x".repeat(20_000)}end`).endsWith("end")).toBe(true);
  });
});
