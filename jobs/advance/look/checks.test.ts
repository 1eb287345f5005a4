import { describe, expect, test } from "vitest";

import { checks } from "./checks.ts";
import { app, checkRun, maria, us } from "./madeUp.ts";

const status = {
  kind: "StatusContext" as const,
  id: "SC_1",
  context: "ci/lint",
  state: "FAILURE" as const,
  description: "2 problems",
  targetUrl: "https://ci.test/1",
  creator: maria,
};

describe("checks", () => {
  test.each([
    ["COMPLETED", "SUCCESS", true, false],
    ["COMPLETED", "NEUTRAL", true, false],
    ["COMPLETED", "SKIPPED", true, false],
    ["COMPLETED", "FAILURE", true, true],
    ["COMPLETED", "TIMED_OUT", true, true],
    ["COMPLETED", "CANCELLED", true, true],
    ["COMPLETED", "ACTION_REQUIRED", true, true],
    ["COMPLETED", "STARTUP_FAILURE", true, true],
    ["COMPLETED", "STALE", true, true],
    ["COMPLETED", null, true, true],
    ["QUEUED", null, false, false],
    ["IN_PROGRESS", null, false, false],
    ["WAITING", null, false, false],
  ] as const)("a run that is %s, %s", (state, conclusion, ended, failed) => {
    expect(checks([checkRun(9, { status: state, conclusion })], app)).toMatchObject([{ ended, failed }]);
  });

  test.each([
    ["SUCCESS", true, false],
    ["FAILURE", true, true],
    ["ERROR", true, true],
    ["PENDING", false, false],
    ["EXPECTED", false, false],
  ] as const)("a commit status that is %s", (state, ended, failed) => {
    expect(checks([{ ...status, state }], app)).toMatchObject([{ ended, failed }]);
  });

  test("say what they say, and how many annotations were left out", () => {
    const annotation = { path: "a.ts", message: "wrong\r\nhere", location: { start: { line: 3 } } };
    const run = checkRun(9, {
      conclusion: "FAILURE",
      title: "1 of 9 failed",
      summary: "See\r\nbelow",
      text: "  ",
      detailsUrl: "https://ci.test/9",
      annotations: { totalCount: 40, nodes: [annotation] },
    });
    expect(checks([run, status], app)).toEqual([
      {
        kind: "run",
        id: "cr9",
        name: "test",
        app: "github-actions",
        ended: true,
        failed: true,
        url: "https://ci.test/9",
        output: "1 of 9 failed\n\nSee\nbelow\n\n(39 more annotations)",
        annotations: [{ path: "a.ts", line: 3, message: "wrong\nhere" }],
      },
      {
        kind: "status",
        id: "st:ci/lint",
        name: "ci/lint",
        app: "maria",
        ended: true,
        failed: true,
        url: "https://ci.test/1",
        output: "2 problems",
      },
    ]);
  });

  test("of ours are left out", () => {
    const own = checkRun(1, { checkSuite: { id: "CS_2", app: { slug: "coxswain" } } });
    expect(checks([own, { ...status, creator: us }], app)).toEqual([]);
  });

  test("that were repeated count once, by their newest run; same names of two workflows count twice", () => {
    const suite = (id: string) => ({ checkSuite: { id, app: { slug: "github-actions" } } });
    const runs = [
      checkRun(12, suite("CS_1")),
      checkRun(11, { ...suite("CS_1"), conclusion: "FAILURE" }),
      checkRun(13, { ...suite("CS_2"), conclusion: "FAILURE" }),
    ];
    expect(checks(runs, app).map((check) => [check.id, check.failed])).toEqual([
      ["cr12", false],
      ["cr13", true],
    ]);
  });
});
