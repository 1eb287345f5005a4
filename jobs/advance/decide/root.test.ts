import { expect, it } from "vitest";

import { planHash } from "../../../app/plan/plan.ts";
import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { State } from "./state.ts";
import { taskOf } from "./testPlan.ts";
import { at, pull, record, snapshot, withState } from "./testSnapshot.ts";

const plan = { summary: "", tasks: ["a", "b", "c"].map((id) => taskOf(id)) };

/** An approved plan: the work on `a` and `b` is pushed, `c` is to be begun. */
const state: State = {
  ...firstState(),
  judged: { LE_1: true },
  assessment: { kind: "complex" },
  proposal: { number: 1, plan, at: at(1).toISOString(), edited: false },
  approved: { plan, hash: planHash(plan), by: "mona", at: at(2).toISOString() },
  runs: ["a", "b"].map((task) => record({ name: `run-${task}`, task })),
};
const branches = { "agent/12/a": "a".repeat(40), "agent/12/b": "a".repeat(40) };

const look = (over: Partial<Snapshot>) => decide(withState(snapshot({ branches, ...over }), state), at(9));
const kinds = (over: Partial<Snapshot>) => look(over).effects.map((effect) => effect.kind);

it("makes a root branch that was deleted before anything was merged, and then opens pull requests into it", () => {
  const made = kinds({}).filter((kind) => kind === "createBranch" || kind === "openPull");
  expect(made).toEqual(["createBranch", "openPull", "openPull"]);
  const there = kinds({ branches: { ...branches, "agent/12/root": "c".repeat(40) } });
  expect(there).not.toContain("createBranch");
});

it("neither opens nor starts anything on a root branch that a person has to bring back", () => {
  const merged = pull({ branch: "agent/12/a", base: "agent/12/root", state: "merged" });
  const decision = look({ pulls: [merged] });
  expect(decision.why).toEqual([
    "root: blocked: rootGone",
    "a: #13: merged",
    "b: waits for agent/12/root",
    "c: waits for agent/12/root",
  ]);
  expect(decision.effects.map((effect) => effect.kind)).toEqual(["status", "say"]);
});

it("starts nothing where a rule keeps the root branch from being made, until somebody says to try again", () => {
  const refusals = {
    "agent/12/root": {
      head: "",
      times: 1,
      say: "Cannot create ref due to creations being restricted.",
      at: at(7),
    },
  };
  const decision = look({ refusals });
  expect(decision.phase).toBe("blocked");
  expect(decision.effects.map((effect) => effect.kind)).toEqual(["status", "say"]);
  const say = decision.effects.find((effect) => effect.kind === "say");
  expect(say?.body).toContain("creations being restricted");
  const retried = { ...state, retried: { root: at(8).toISOString() } };
  const then = decide(withState(snapshot({ branches, refusals }), retried), at(9));
  expect(then.effects.map((effect) => effect.kind)).toContain("createBranch");
  expect(then.phase).toBe("working");
});
