import * as fc from "fast-check";

import { ancestors } from "../../../app/plan/graph.ts";
import type { Plan } from "../../../app/plan/plan.ts";
import type { Behaviour, CommitChecks, Disturbance, Story } from "./testWorld.ts";
import { CALM } from "./testWorldLook.ts";
import { taskOf } from "./testPlan.ts";
import type { Act } from "./testWorldActs.ts";
import type { PlanChange } from "./testWorldPlanActs.ts";

/** A plan of so many tasks, without edges that follow from others. */
export function plans(most: number, least = 2): fc.Arbitrary<Plan> {
  const edges = fc.array(fc.nat(), { maxLength: 3 });
  return fc.array(edges, { minLength: least, maxLength: most }).map((all) => {
    const tasks = all.map((before, at) =>
      taskOf(`t${at}`, at === 0 ? [] : [...new Set(before.map((each) => `t${each % at}`))]),
    );
    return {
      summary: "All of it.",
      tasks: tasks.map((task) => ({ ...task, after: needed(tasks, task.after) })),
    };
  });
}

/** The edges that don't follow from the others. */
function needed(tasks: Plan["tasks"], after: string[]): string[] {
  const before = ancestors(tasks);
  return after.filter((far) => !after.some((near) => before.get(near)?.has(far)));
}

const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  ms: fc.constantFrom(1000, 60_000, 600_000),
  does: fc.constantFrom("push", "push", "claim", "nothing", "ask", "fail", "setup", "budget", "crash"),
  spends: fc.constantFrom(0, 10, 100),
});

const checks: fc.Arbitrary<CommitChecks> = fc.record({
  does: fc.constantFrom("pass", "fail", "none"),
  afterMs: fc.constantFrom(0, 5000, 100_000),
  ms: fc.constantFrom(1000, 300_000),
});

const disturbances: fc.Arbitrary<Disturbance> = fc.record({
  lag: fc.constantFrom(0, 0, 1000, 4000),
  part: fc.constantFrom("all", "words", "work"),
  twice: fc.subarray([0, 1, 2, 3, 4]),
  diesAfter: fc.constantFrom(null, null, null, 0, 1, 2, 3),
  late: fc.constantFrom(0, 0, 3000),
});

const who = fc.constantFrom("mona" as const, "otto" as const, "ida" as const);

function changes(task: fc.Arbitrary<string>): fc.Arbitrary<PlanChange> {
  return fc.oneof(
    fc.record({ kind: fc.constantFrom("drop" as const, "reword" as const, "loosen" as const), task }),
    fc.record({ kind: fc.constant("add" as const), after: fc.option(task) }),
    fc.constant({ kind: "break" as const }),
  );
}

function acts(tasks: string[]): fc.Arbitrary<Act> {
  const task = fc.constantFrom(...tasks);
  const branch = fc.constantFrom(...tasks, ...tasks, "root");
  const commands = fc.oneof(
    fc
      .constantFrom("retry", "approve", "replan Do it otherwise", "plan", "stop", "start", "status", "oops")
      .map((words) => `/agent ${words}`),
    fc.tuple(fc.constantFrom("retry", "skip", "skip"), branch).map((words) => `/agent ${words.join(" ")}`),
    fc.constant("The second one."),
  );
  const pull = ["close", "reopen", "merge", "push", "delete", "review", "resolve"] as const;
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("comment" as const), by: who, text: commands }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("thumb" as const), by: who, up: fc.boolean() }) },
    fc.record({ kind: fc.constant("tick" as const), by: who }),
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("editPlan" as const), by: who, change: changes(task) }),
    },
    fc.record({ kind: fc.constant("editIssue" as const), by: who }),
    fc.record({ kind: fc.constant("label" as const), on: fc.boolean() }),
    fc.record({ kind: fc.constant("open" as const), open: fc.boolean() }),
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("pull" as const),
        does: fc.constantFrom(...pull),
        task: branch,
      }),
    },
    fc.record({
      kind: fc.constant("settings" as const),
      text: fc.constantFrom("limits: none\n", "limits:\n  parallel: 1\n"),
    }),
    fc.record({ kind: fc.constant("archive" as const), archived: fc.boolean() }),
    fc.record({ kind: fc.constant("refuse" as const), refuses: fc.boolean() }),
    fc.record({
      kind: fc.constant("permission" as const),
      of: fc.constant("otto" as const),
      is: fc.constantFrom("read" as const, "write" as const),
    }),
    fc.constantFrom<Act[]>({ kind: "deletePlan" }, { kind: "mainMoves" }, { kind: "flush" }),
  );
}

/** Within the time that most stories take. */
const timed = (act: fc.Arbitrary<Act>): fc.Arbitrary<Story["acts"][number]> =>
  fc.record({ at: fc.nat({ max: 1_200_000 }), act });

/** As soon as the plan is there, so that what people do meets agents at work. */
const APPROVED: Story["acts"][number] = { at: 32_000, act: { kind: "thumb", by: "mona", up: true } };

/** What may happen in a story, beside its plan. */
export interface Bounds {
  tasks: number;
  acts: number;
  disturbances: number;
}

export function stories(bounds: Bounds): fc.Arbitrary<Story> {
  return plans(bounds.tasks).chain((plan) => {
    const tasks = plan.tasks.map(({ id }) => id);
    return fc.record({
      plan: fc.constant(plan),
      limits: fc.record({
        parallel: fc.constantFrom(1, 2, 4, 50),
        attempts: fc.constantFrom(1, 3),
        rounds: fc.constantFrom(0, 1, 10),
        tokens: fc.constantFrom(20_000, 2_000_000),
      }),
      room: fc.constantFrom(1, 3, 50),
      planner: fc.array(fc.constantFrom("plan", "plan", "plan", "simple", "ask", "fail", "give up"), {
        maxLength: 3,
      }),
      agents: fc.array(fc.array(behaviours, { maxLength: 2 }), { maxLength: 3 }),
      checks: fc.array(fc.array(checks, { maxLength: 2 }), { maxLength: 3 }),
      conflicts: fc.subarray([...tasks, "root"]),
      acts: fc
        .tuple(fc.boolean(), fc.array(timed(acts(tasks)), { maxLength: bounds.acts }))
        .map(([early, all]) => (early ? [APPROVED, ...all] : all)),
      disturbances: fc
        .array(disturbances, { maxLength: bounds.disturbances })
        // Some look goes well.
        .map((all) => (all.length > 0 ? [...all, CALM] : [])),
    });
  });
}
