import { expect, it } from "vitest";

import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";
import { assessed, at, record, snapshot, withState } from "./testSnapshot.ts";

const OUTCOME = { kind: "pushed", title: "Read all digits", what: "", why: "", tested: "" } as const;

/** The run ended at minute 4, and the cluster remembers that. */
const ended: Snapshot["runs"][number] = {
  name: "run-1",
  labels: {
    repository: "acme/teatime",
    repositoryId: 11,
    installationId: 3,
    issue: 12,
    task: "digits",
    purpose: "implement",
    attempt: 1,
  },
  startedAt: at(2),
  state: { kind: "ended", at: at(4), outcome: OUTCOME, answers: {} },
  spent: 0,
};

const seconds = (n: number): Date => new Date(at(4).getTime() + n * 1000);

it("waits a moment for a branch that was pushed and isn't seen yet, and then takes the claim for a false one", () => {
  const seen = withState(snapshot({ runs: [ended] }), assessed(record({ end: null })));
  const soon = decide(seen, seconds(2));
  expect(soon.effects.map((effect) => effect.kind)).not.toContain("run");
  expect(soon.why).toEqual(["digits: run-1 is at work"]);
  expect(soon.again).toEqual(seconds(4));

  const late = decide(seen, seconds(20));
  const status = late.effects.find((effect) => effect.kind === "status");
  expect(status?.state.runs[1]?.end).toMatchObject({
    kind: "failed",
    say: expect.stringContaining("isn't there"),
  });
});

it("begins no second run where GitHub, which showed the branch, doesn't show it for a moment", () => {
  const seen = withState(snapshot(), assessed(record()));
  expect(decide(seen, seconds(2)).why).toEqual(["digits: the branch has no pull request yet"]);
  expect(decide(seen, seconds(20)).effects.map((effect) => effect.kind)).toContain("run");
});
