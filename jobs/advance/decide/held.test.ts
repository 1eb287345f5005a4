import { expect, it } from "vitest";

import type { SeenRun } from "../../run/cluster/cluster.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./effects.ts";
import type { Snapshot } from "./snapshot.ts";
import type { RunRecord } from "./state.ts";
import { assessed, at, comment, record, snapshot, withState } from "./testSnapshot.ts";

const held = { reached: "the canary at 10.96.4.5:9090", ms: 90_000 };
const begun = record({ name: "run-1", at: at(2).toISOString(), end: null });

const look = (runs: RunRecord[], over: Partial<Snapshot> = {}): Decision =>
  decide(withState(snapshot(over), assessed(...runs)), at(9));
const kinds = ({ effects }: Decision): string[] => effects.map(({ kind }) => kind);

function visible({ effects }: Decision): string {
  const status = effects.find(({ kind }) => kind === "status");
  return status?.kind === "status" ? status.visible : "";
}

const seen = (state: SeenRun["state"]): SeenRun => ({
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
  spent: 9,
  state,
});

it("starts no agent while nothing holds agents back, says why, and looks again when one may", () => {
  const then = look([], { held });
  expect(then.phase).toBe("working");
  expect(kinds(then)).not.toContain("run");
  expect(kinds(then)).not.toContain("say");
  expect(visible(then)).toContain(
    "NetworkPolicy isn't enforced here, so no agent starts: the pod of one could reach the canary at 10.96.4.5:9090.",
  );
  expect(then.again).toEqual(new Date(at(9).getTime() + 90_000));
  expect(kinds(look([]))).toContain("run");
});

it("doesn't start what was only meant to be started; what is at work goes on", () => {
  expect(kinds(look([begun], { held }))).not.toContain("run");
  expect(kinds(look([begun]))).toContain("run");
  const runs = [seen({ kind: "running" })];
  expect(kinds(look([begun], { held, runs }))).toContain("run");
  expect(visible(look([begun], { held, runs }))).toContain("An agent is at work");
});

it("still plans: the planner has no pod", () => {
  expect(kinds(decide(snapshot({ held }), at(9)))).toContain("run");
});

const ended = seen({
  kind: "ended",
  at: at(8),
  outcome: { kind: "failed", reason: "network", say: "Its pod could reach DNS at 10.96.0.10:53 by UDP." },
  answers: {},
});

it("is blocked where its own agent's pod wasn't held back, says how to mend it, and tries again when told", () => {
  const then = look([begun], { held, runs: [ended], followed: ["run-1"] });
  expect(then.phase).toBe("blocked");
  const [said] = then.effects.flatMap((each) => (each.kind === "say" ? [each.body] : []));
  expect(said).toMatchInlineSnapshot(`
    "@mona NetworkPolicy isn't enforced here: an agent would have the whole network, so none starts. The pod of this one showed it:

    > Its pod could reach DNS at 10.96.0.10:53 by UDP.

    The cluster's network plugin must enforce NetworkPolicies, and those of the chart must stand in the agents' namespace. Once that is so, \`/agent retry\` tries again."
  `);
  const status = then.effects.find(({ kind }) => kind === "status");
  if (status?.kind !== "status") throw new Error("The status isn't written.");
  const told = comment("/agent retry", { at: at(10) });
  const seenLater = snapshot();
  const later = withState({ ...seenLater, issue: { ...seenLater.issue, comments: [told] } }, status.state);
  expect(decide(later, at(11)).effects.map(({ kind }) => kind)).toContain("run");
});
