import { describe, expect, test } from "vitest";

import type { SeenRun } from "../../run/cluster/cluster.ts";
import { firstState } from "../decide/state.ts";
import { revisionKey } from "../revision.ts";
import { printStatus } from "../statusComment.ts";
import { commentNode, issueFields, ref, us } from "./madeUp.ts";
import { whole } from "./pager.ts";
import type { RepositoryFields } from "./readIssue.ts";
import { home, lookAt as lookWith, seenRun, snapshot, withState } from "./testLook.ts";
import type { Given } from "./testLook.ts";
import { testRedis } from "./testRedis.ts";

const redis = testRedis();
const lookAt = (fields: Partial<RepositoryFields>, given?: Given) => lookWith(redis(), fields, given);

describe("the state", () => {
  test.each<[string, Partial<RepositoryFields>, SeenRun[], string]>([
    [
      "a label",
      {
        issueOrPullRequest: {
          kind: "Issue",
          ...issueFields({ labels: whole([{ name: "agent: working" }]) }),
        },
      },
      [],
      "the issue has the label `agent: working`",
    ],
    ["a branch", { refs: whole([ref("fix")]) }, [], "there is the branch `agent/12/fix`"],
    ["a run", {}, [seenRun], "there is the run `cx-12-implement-1`"],
  ])("is missing where %s tells of it", async (_, fields, runs, evidence) => {
    expect(snapshot(await lookAt(fields, { runs })).status).toEqual({ kind: "missing", evidence });
  });

  test("is missing when it was written but doesn't come, after three more looks", async () => {
    await redis().set(revisionKey("coxswain:7", 4711, 12), 5);
    for (let time = 1; time <= 3; time++) await expect(lookAt({})).rejects.toThrow("5 was written");
    const { status } = snapshot(await lookAt({}));
    expect(status).toEqual({ kind: "missing", evidence: "I remember writing its revision 5" });
  });

  test("that is older than what was written is taken after three more looks, and says so", async () => {
    await redis().set(revisionKey("coxswain:7", 4711, 12), 5);
    const fields = { issueOrPullRequest: withState({ revision: 4 }) };
    for (let time = 1; time <= 3; time++) await expect(lookAt(fields)).rejects.toThrow("5 was written");
    expect(snapshot(await lookAt(fields)).status).toMatchObject({
      kind: "found",
      stale: true,
      state: { revision: 4 },
    });
  });

  test("that somebody changed is forged", async () => {
    const body = printStatus({ ...home, visible: "", state: firstState(), key: Buffer.alloc(32, 9) });
    const comments = whole([commentNode(90, { author: us, body })]);
    const { status } = snapshot(
      await lookAt({ issueOrPullRequest: { kind: "Issue", ...issueFields({ comments }) } }),
    );
    expect(status).toMatchObject({ kind: "forged", comment: { id: "90" } });
  });

  test("is the older one of two; and nobody else's", async () => {
    const body = (revision: number) =>
      printStatus({ ...home, visible: "", state: { ...firstState(), revision } });
    const comments = whole([
      commentNode(10, { body: body(9) }),
      commentNode(12, { author: us, body: body(2) }),
      commentNode(11, { author: us, body: body(1) }),
    ]);
    const { status } = snapshot(
      await lookAt({ issueOrPullRequest: { kind: "Issue", ...issueFields({ comments }) } }),
    );
    expect(status).toMatchObject({ kind: "found", comment: { id: "11" }, state: { revision: 1 } });
  });
});
