import { expect, it } from "vitest";

import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RunRecord, State } from "./state.ts";
import { assessed, at, check, comment, pull, record, snapshot, withState } from "./testSnapshot.ts";

const failing = pull({ checks: [check({ failed: true })] });
const conflicting = pull({ mergeable: "conflicting" });
const CONFLICT = `mc${"b".repeat(12)}@${"a".repeat(12)}`;

/** A run at `minutes` that could do nothing about what it took. */
const idle = (minutes: number, over: Partial<RunRecord>): RunRecord =>
  record({
    name: `run-${minutes}`,
    at: at(minutes).toISOString(),
    end: { kind: "nothing", at: at(minutes + 1).toISOString(), say: "Nothing to change." },
    ...over,
  });

/** The runs that begin at minute 30. */
function begun(of: State, over: Partial<Snapshot>): RunRecord[] {
  const decision = decide(withState(snapshot(over), of), at(30));
  const status = decision.effects.find((effect) => effect.kind === "status");
  return status?.state.runs.slice(of.runs.length) ?? [];
}

const retried = (s: Partial<Snapshot>, minutes: number): Partial<Snapshot> => ({
  ...s,
  pulls: [{ ...s.pulls![0]!, comments: [comment("/agent retry", { at: at(minutes) })] }],
});

it.each([
  ["failed checks", { pulls: [failing] }, { purpose: "fix" as const, takes: ["cr1"] }],
  ["a conflict", { pulls: [conflicting] }, { purpose: "resolve" as const, takes: [CONFLICT] }],
])("takes up %s again after /agent retry, and once", (_, s, took) => {
  const before = assessed(record(), idle(6, took));
  const seen = { ...s, branches: { "agent/12/digits": "a".repeat(40) } };
  expect(begun(before, seen)).toEqual([]);
  expect(begun(before, retried(seen, 20))).toMatchObject([took]);

  const taken = { ...before, since: { at: at(20).toISOString(), tokens: 0 } };
  expect(begun({ ...taken, runs: [...taken.runs, idle(21, took)] }, seen)).toEqual([]);
});

it("doesn't take up again what a person said and got an answer to", () => {
  const said = comment("@coxswain, use words.", { id: "70", at: at(5) });
  const before = assessed(record(), idle(6, { purpose: "fix", takes: ["ic70"] }));
  const seen = { branches: { "agent/12/digits": "a".repeat(40) } };
  const asked = pull({ comments: [said, comment("/agent retry", { at: at(20) })] });
  expect(begun(before, { ...seen, pulls: [asked] })).toEqual([]);
  expect(begun(assessed(record()), { ...seen, pulls: [asked] })).toMatchObject([{ takes: ["ic70"] }]);
});
