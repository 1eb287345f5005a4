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

/** Who approved, with a plan comment of ours that has this history since, and a 👍 by mona then. */
function approver(edits: Edit[], thumb?: Date): string | null {
  const history = [{ by: bot, at: at(1), text: words }, ...edits];
  const last = history.at(-1)!;
  const of = { by: bot, ours: true, marker: "plan:1.1", at: at(1), editedBy: last.by };
  const thumbs = thumb ? [{ id: "R_1", up: true, by: mona, at: thumb }] : [];
  const planComment: PlanComment = { comment: comment(last.text ?? "", of), edits: history, thumbs };
  const decision = decide({ ...withState(snapshot(), proposed), planComment }, at(9));
  const status = decision.effects.find((effect) => effect.kind === "status");
  return status?.state.approved?.by ?? null;
}

const theirs = words.replace("All of a.", "Something else.");
const put = { by: bot, at: at(4), text: words };

it("takes a tick for the text that it was made in", () => {
  expect(approver([{ by: mona, at: at(3), text: ticked(words) }])).toBe("mona");
  // GitHub's times are in whole seconds, and the app put its text back meanwhile.
  const edits = [
    { by: ida, at: at(3), text: theirs },
    { by: mona, at: at(3), text: ticked(theirs) },
    { by: bot, at: at(3), text: words },
  ];
  expect(approver(edits)).toBeNull();
});

it("takes no 👍 from while somebody else's text stood there", () => {
  const edits = [{ by: ida, at: at(2), text: theirs }, put];
  expect(approver(edits, at(3))).toBeNull();
  expect(approver(edits, at(5))).toBe("mona");
});

it("takes a 👍 from before the comment was only drawn anew", () => {
  const drawn = words.replace("id: a\n", 'id: "a"\n');
  expect(drawn).not.toBe(words);
  expect(approver([{ by: bot, at: at(2), text: drawn }, put], at(3))).toBe("mona");
});
