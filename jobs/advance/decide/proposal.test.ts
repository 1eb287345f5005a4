import { expect, it } from "vitest";

import { planWords } from "../../../app/words/plan.ts";
import { decide } from "./decide.ts";
import type { Edit, PlanComment } from "./snapshot.ts";
import { firstState } from "./state.ts";
import type { State } from "./state.ts";
import { at, comment, snapshot, withState } from "./testSnapshot.ts";
import { taskOf } from "./testPlan.ts";

const plan = { summary: "", tasks: ["a", "b"].map((id) => taskOf(id)) };
const bot = { login: "coxswain", bot: true };
const [mona, ida] = ["mona", "ida"].map((login) => ({ login, bot: false })) as [Edit["by"], Edit["by"]];

const proposed: State = {
  ...firstState(),
  judged: { LE_1: true },
  assessment: { kind: "complex" },
  proposal: { number: 1, plan, at: at(1).toISOString(), edited: false },
};

const words = planWords({
  issue: 12,
  asker: "mona",
  plan,
  tasks: {},
  standing: { kind: "awaits", changed: false },
});
const ticked = (text: string): string => text.replace("- [ ] **Approve", "- [x] **Approve");

/** Who approved, with a plan comment of ours that has this history since. */
function approver(...edits: Edit[]): string | null {
  const history = [{ by: bot, at: at(1), text: words }, ...edits];
  const last = history.at(-1)!;
  const shown = comment(last.text ?? "", {
    by: bot,
    ours: true,
    marker: "plan:1.1",
    at: at(1),
    editedBy: last.by,
  });
  const planComment: PlanComment = { comment: shown, edits: history, thumbs: [] };
  const decision = decide({ ...withState(snapshot(), proposed), planComment }, at(9));
  const status = decision.effects.find((effect) => effect.kind === "status");
  return status?.state.approved?.by ?? null;
}

it("takes a tick for the text that it was made in", () => {
  const theirs = words.replace("All of a.", "Something else.");
  expect(approver({ by: mona, at: at(3), text: ticked(words) })).toBe("mona");
  // GitHub's times are in whole seconds, and the app put its text back meanwhile.
  expect(
    approver(
      { by: ida, at: at(3), text: theirs },
      { by: mona, at: at(3), text: ticked(theirs) },
      { by: bot, at: at(3), text: words },
    ),
  ).toBeNull();
});
