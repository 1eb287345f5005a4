import { expect, it } from "vitest";

import type { LostReason, SeenRun } from "../../run/cluster/cluster.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { assessed, at, record, snapshot, withState } from "./testSnapshot.ts";

const open = assessed(record({ name: "run-1", at: at(2).toISOString(), end: null }));

/** What is decided, at minute 9, of a run that the cluster sees so. */
function decision(seen: SeenRun["state"], over: Partial<Snapshot> = {}, state: State = open): Decision {
  const labels = {
    repository: "acme/teatime",
    repositoryId: 11,
    installationId: 3,
    issue: 12,
    task: "digits",
    purpose: "implement" as const,
    attempt: 1,
  };
  const runs = [{ name: "run-1", labels, startedAt: at(2), spent: 9, state: seen }];
  return decide(withState(snapshot({ runs, followed: ["run-1"], ...over }), state), at(9));
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

const [OLD, NEW] = ["a".repeat(40), "c".repeat(40)];
const PUSHED =
  "It is gone. What was pushed to its branch since it began is kept, and the next attempt goes on from it.";

it.each<[string, string | null | undefined, string | null, string]>([
  ["it moved its branch", OLD, NEW, PUSHED],
  ["it made its branch", null, NEW, PUSHED],
  ["it left its branch as it was", OLD, OLD, "It is gone."],
  ["there never was a branch", null, null, "It is gone."],
  ["somebody deleted its branch", OLD, null, "It is gone."],
  [
    "nobody wrote down how its branch was",
    undefined,
    NEW,
    "It is gone. What is on its branch is kept, and the next attempt goes on from it.",
  ],
])("without an outcome, whether something was pushed is told by the branch: %s", (_, head, now, say) => {
  const run = record({
    name: "run-1",
    at: at(2).toISOString(),
    end: null,
    ...(head !== undefined && { head }),
  });
  const branches: Record<string, string> = now === null ? {} : { "agent/12/digits": now };
  const then = decision(lost("crashed"), { branches }, assessed(run));
  expect(then.phase).toBe("working");
  const [, first, second] = status(then).state.runs;
  expect(first?.end).toMatchObject({ kind: "failed", say, retry: true });
  // The next one begins with the branch as it is.
  expect(second).toMatchObject({ attempt: 2, head: now, end: null });
});

it("what was pushed is said beside a long story too", () => {
  const story = { ...lost("crashed"), say: "It is gone. ".repeat(100) } as SeenRun["state"];
  const run = record({ name: "run-1", at: at(2).toISOString(), end: null, head: null });
  const { state } = status(decision(story, { branches: { "agent/12/digits": NEW } }, assessed(run)));
  expect(state.runs[1]?.end).toMatchObject({
    say: expect.stringMatching(/^It is gone\. .* goes on from it\.$/),
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
