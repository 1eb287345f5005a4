import { expect, it } from "vitest";

import { decide } from "./decide.ts";
import type { Snapshot } from "./snapshot.ts";
import { assessed, at, record, snapshot, withState } from "./testSnapshot.ts";

const begun = assessed(record({ name: "run-2", end: null }));
const broken = snapshot();
broken.repository.settings = { kind: "invalid", errors: ["Line 1: no."] };

/** The issue with settings that can't be used, while its state has a run that has begun. */
const look = (over: Partial<Snapshot>) => decide(withState({ ...broken, ...over }, begun), at(9));

it("says what keeps a run from starting, also where its intent is written down", () => {
  const decision = look({});
  expect(decision.phase).toBe("blocked");
  expect(decision.effects.map((effect) => effect.kind)).not.toContain("run");
});

it.each<[string, Partial<Snapshot>]>([
  ["is followed", { followed: ["run-2"] }],
  [
    "is at work, though nobody follows it",
    {
      runs: [
        {
          name: "run-2",
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
          state: { kind: "running" },
          spent: 0,
        },
      ],
    },
  ],
])("lets a run go on that %s", (_, over) => {
  const decision = look(over);
  expect(decision.phase).toBe("working");
  expect(decision.effects.map((effect) => effect.kind)).not.toContain("stop");
});
