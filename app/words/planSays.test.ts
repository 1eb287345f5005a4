import { expect, it, test } from "vitest";

import {
  invalidEditWords,
  issueEditedWords,
  noPlanWords,
  nothingWaitsWords,
  planDeletedWords,
  questionsWords,
  strangersEditWords,
  thumbsDownWords,
  unknownTaskWords,
  voidApprovalWords,
} from "./planSays.ts";
import { built, HOSTILE, MENTION, UNSEEN } from "./testHostile.ts";

it("says what became of what people did, and how to go on", () => {
  const errors = [
    { line: 4, say: "`login` comes after itself; remove it from its `after`." },
    { line: null, say: "The plan has no tasks; it needs 2 to 12." },
  ];
  const said = [
    voidApprovalWords("bo", "permission"),
    voidApprovalWords("bo", "older"),
    voidApprovalWords("bo", "invalid"),
    thumbsDownWords("bo"),
    invalidEditWords("bo", errors, 12),
    strangersEditWords("bo"),
    issueEditedWords("bo"),
    questionsWords(["Which unit?", "For `old` totals\ntoo?"], 12),
    planDeletedWords,
    unknownTaskWords("logn", ["login", "docs"]),
    unknownTaskWords("x", ["login", "docs"]),
    noPlanWords("approve"),
    nothingWaitsWords(null),
    nothingWaitsWords("ana"),
  ];
  expect(`\n${said.join("\n---\n")}\n`).toMatchInlineSnapshot(`
    "
    @bo Approving a plan takes write permission here, so your approval doesn't count. Somebody who has it can approve it: by the box, a 👍 or \`/agent approve\`.
    ---
    @bo Your approval is older than the last change of the plan, so it doesn't count. Look at the plan as it is now; if it is right, comment \`/agent approve\`, or take the 👍 or the tick back and give it again.
    ---
    @bo The plan can't be used as its YAML is now, so there is nothing that I could begin. Mend the YAML, or put back what was there; then approve it again.
    ---
    @bo What should I change? Comment \`/agent replan <what to change>\`, or edit the YAML in the plan's comment.
    ---
    @bo The plan can't be used as you edited it, so the one before stands:
    - Line 4: \`login\` comes after itself; remove it from its \`after\`.
    - The plan has no tasks; it needs 2 to 12.

    The lines are those of the YAML. Edit it again, and I look again.
    ---
    @bo Changing the plan takes write permission here, so I put it back as it was. Say in a comment what should be different: somebody who has it can pass that on with \`/agent replan <what to change>\`.
    ---
    @bo The issue was edited, and the plan is for its text from before. \`/agent replan Follow the issue as it is now\` makes a new one; without that, this plan stands.
    ---
    Before I plan this, I need to know:

    1. Which unit?
    2. For \`old\` totals too?

    Answer in a comment here, in any form, and I go on.
    ---
    My plan comment was deleted. The plan was approved and is kept, so the work goes on; \`/agent status\` says where it stands.
    ---
    No task of the plan is called \`logn\`; did you mean \`login\`? They are \`login\`, \`docs\`.
    ---
    No task of the plan is called \`x\`; they are \`login\`, \`docs\`.
    ---
    There is no plan here, so \`/agent approve\` has nothing to go by. \`/agent plan\` asks for one.
    ---
    No plan waits for approval here.
    ---
    Nothing waits for approval: **ana** approved the plan as it is.
    "
  `);
});

test.each(HOSTILE.filter((text) => text.trim() !== ""))("is built the same way of %.40j", (text) => {
  const said = (words: string) =>
    `${questionsWords([words, words], 12)}\n\n${invalidEditWords("bo", [{ line: 1, say: `\`x\` ${words}` }], 12)}`;
  expect(built(said(text))).toEqual(built(said("word")));
  const seen = said(text).replace("@bo The", "");
  expect(seen).not.toMatch(MENTION);
  expect(seen).not.toMatch(UNSEEN);
  expect(seen.length).toBeLessThan(10_000);
});

it("asks at most five questions, and none without words", () => {
  expect(questionsWords(["", "\u202E", "a", "b", "c", "d", "e", "f"], 12)).toMatch(
    /:\n\n1\. a\n2\. b\n3\. c\n4\. d\n5\. e\n\n/,
  );
});
