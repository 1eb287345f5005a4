import { expect, it } from "vitest";

import type { LostReason, SeenRun } from "../../run/cluster/cluster.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { assessed, at, record, snapshot, withState } from "./testSnapshot.ts";

const open = assessed(record({ name: "run-1", at: at(2).toISOString(), end: null }));

/** What is decided, at minute 9, of a run that the cluster sees so. */
function decision(state: SeenRun["state"], over: Partial<Snapshot> = {}): Decision {
  const labels = {
    repository: "acme/teatime",
    repositoryId: 11,
    installationId: 3,
    issue: 12,
    task: "digits",
    purpose: "implement" as const,
    attempt: 1,
  };
  const runs = [{ name: "run-1", labels, startedAt: at(2), spent: 9, state }];
  return decide(withState(snapshot({ runs, followed: ["run-1"], ...over }), open), at(9));
}

function status({ effects }: Decision): { state: State; visible: string } {
  const found = effects.find((effect) => effect.kind === "status");
  if (!found) throw new Error("The status isn't written.");
  return found;
}

const lost = (reason: LostReason): SeenRun["state"] => ({
  kind: "lost",
  at: at(8),
  say: "It is gone.",
  reason,
});

it.each<LostReason>(["crashed", "deadline", "memory", "disk", "evicted", "preempted", "node", "deleted"])(
  "what was lost to %s is tried again",
  (reason) => {
    const then = decision(lost(reason));
    expect(then.phase).toBe("working");
    expect(
      status(then)
        .state.runs.slice(1)
        .map(({ end }) => end?.kind),
    ).toEqual(["failed", undefined]);
  },
);

it.each<LostReason>(["image", "config", "unschedulable", "quota", "admission"])(
  "what was lost to %s waits for a person",
  (reason) => {
    const then = decision(lost(reason));
    expect(then.phase).toBe("blocked");
    expect(status(then).visible).toContain("It is gone.");
  },
);

it("what was pushed before an outcome was lost is kept, and that is said", () => {
  const { state } = status(decision(lost("crashed"), { branches: { "agent/12/digits": "a".repeat(40) } }));
  expect(state.runs[1]?.end).toMatchObject({
    say: "It is gone. What is on its branch is kept, and the next attempt goes on from it.",
  });
});

it("what keeps a run from starting is shown while it waits", () => {
  const waiting = decision({ kind: "running", waits: "No node has room for it: 0/1 nodes are available." });
  expect(waiting.phase).toBe("working");
  expect(status(waiting).visible).toContain(
    "- implement hasn't begun: No node has room for it: 0/1 nodes are available.",
  );
  expect(waiting.effects.map((effect) => effect.kind)).not.toContain("say");
});
