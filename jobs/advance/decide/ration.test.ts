import { expect, it } from "vitest";

import { planHash } from "../../../app/plan/plan.ts";
import { parseSettings } from "../../../app/config/repository.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { at, record, snapshot, withState } from "./testSnapshot.ts";
import { taskOf } from "./testPlan.ts";

const plan = { summary: "", tasks: ["a", "b", "c"].map((id) => taskOf(id)) };

/** An approved plan of three tasks that wait for nothing, these runs, and 9,000 tokens of which so many are spent. */
function look(runs: RunRecord[], spent = 0, parallel = 4): Decision {
  const state: State = {
    ...firstState(),
    revision: 3,
    judged: { LE_1: true },
    assessment: { kind: "complex" },
    proposal: { number: 1, plan, at: at(1).toISOString(), edited: false },
    approved: { plan, hash: planHash(plan), by: "mona", at: at(2).toISOString() },
    runs,
    spend: { tasks: {}, days: { "2026-11-21": spent } },
  };
  const seen = withState(snapshot(), state);
  return decide({ ...seen, repository: { ...seen.repository, settings: limited(parallel) } }, at(9));
}

function limited(parallel: number): Snapshot["repository"]["settings"] {
  const parsed = parseSettings(`limits:\n  tokens: 9000\n  parallel: ${parallel}\n`);
  if ("errors" in parsed) throw new Error(parsed.errors.join("\n"));
  return { kind: "valid", ...parsed };
}

const budgets = (decision: Decision): (number | undefined)[] =>
  decision.effects.flatMap((each) => (each.kind === "run" ? [each.order.terms.llm.budget] : []));

const atWork = (budget: number): RunRecord => record({ name: "run-a", task: "a", end: null, budget });

it("shares the tokens that are left between as many runs as may be at work", () => {
  expect(budgets(look([]))).toEqual([2250, 2250, 2250]);
  expect(budgets(look([atWork(3000)]))).toEqual([3000, 2000, 2000]);
});

it("starts none without tokens: those that others leave over are waited for", () => {
  const decision = look([atWork(9000)]);
  expect(budgets(decision)).toEqual([9000]);
  expect(decision.why).toContain("b: waits for what the runs at work leave of the tokens");
});

it("is blocked where nothing is left that could be shared", () => {
  expect(look([], 9000).why).toContain("a: blocked: tokens");
  const last = look([], 8999, 4);
  expect(last.why).toContain("a: blocked: tokens");
  expect(budgets(last)).toEqual([]);
});
