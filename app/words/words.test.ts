import { expect, it } from "vitest";

import { checkAnswers, quotedAnswer } from "./answers.ts";
import { blockedWords } from "./blocked.ts";
import type { Blocked } from "./blocked.ts";
import { pullBody, pullTitle } from "./pull.ts";
import { helpWords, mention } from "./says.ts";
import { statusWords } from "./status.ts";

const reasons: Blocked[] = [
  { kind: "settings", errors: ["Line 2: `limit` isn't a setting; did you mean `limits`?"] },
  { kind: "empty" },
  { kind: "archived" },
  { kind: "text" },
  { kind: "missing", evidence: "its label says working" },
  { kind: "forged" },
  { kind: "tokens", spent: 2_100_000, limit: 2_000_000 },
  { kind: "rounds", rounds: 10, limit: 10 },
  { kind: "network", say: "Its pod could reach @everyone at 10.0.0.1:53." },
  { kind: "failed", purpose: "implement", say: "npm ci ended with 1.\n@everyone look", attempts: 3 },
  { kind: "asks", say: "Which unit?" },
  { kind: "nothing", say: "It works as it is." },
  { kind: "checks", names: ["test", "lint`"] },
  { kind: "conflict" },
  { kind: "refused", say: "Required status check “lint” is expected." },
  { kind: "closed", pull: 34 },
  { kind: "rootGone", branch: "agent/12/root" },
  { kind: "skipped" },
  { kind: "planGone" },
];

it("says why an issue is blocked, and how to go on", () => {
  expect(`\n${reasons.map((why) => blockedWords(why, 12)).join("\n---\n")}\n`).toMatchInlineSnapshot(`
    "
    \`.github/coxswain.yml\` on the default branch can't be used:
    - Line 2: \`limit\` isn't a setting; did you mean \`limits\`?

    Mend it there; I look again at the next push.
    ---
    This repository has no commit yet, so there is nothing to start from. Push one, then comment \`/agent retry\`.
    ---
    This repository is archived: nothing can be pushed to it. Unarchive it, then comment \`/agent retry\`.
    ---
    Part of this issue's edit history was deleted, so I can't tell which text a maintainer has seen. Check the text, then take the label off and put it on again.
    ---
    My status comment is gone, and with it what I knew of this issue (its label says working). I won't guess. \`/agent start\` begins anew, on branches of its own; the old ones stay.
    ---
    My status comment was changed by somebody, so I can't trust what it says. \`/agent start\` begins anew, on branches of its own; the old ones stay.
    ---
    This issue has used 2,100,000 tokens of the 2,000,000 it may use. \`/agent retry\` tries again with as many again; \`limits.tokens\` in \`.github/coxswain.yml\` raises it for good.
    ---
    The pull request has had its 10 rounds of follow-ups. \`/agent retry\` tries again with as many again; \`limits.rounds\` in \`.github/coxswain.yml\` raises it for good.
    ---
    NetworkPolicy isn't enforced here: an agent would have the whole network, so none starts. The pod of this one showed it:

    > Its pod could reach @​everyone at 10.0.0.1:53.

    The cluster's network plugin must enforce NetworkPolicies, and those of the chart must stand in the agents' namespace. Once that is so, \`/agent retry\` tries again.
    ---
    3 attempts failed, the last one so:

    > npm ci ended with 1.
    > @​everyone look

    \`/agent retry\` tries again.
    ---
    There is a question before I can go on:

    > Which unit?

    Answer in a comment here, and I go on.
    ---
    The agent ended without changing anything. It said:

    > It works as it is.

    \`/agent retry\` tries again; an edit of the issue's text may help it.
    ---
    \`test\`, \`lint\` still fail, and the agent found nothing more to change. \`/agent retry\` tries again; a push or a re-run of the check moves it on as well.
    ---
    The pull request still conflicts with its base branch, and the agent could not resolve it. \`/agent retry\` tries again; a push that resolves it moves it on as well.
    ---
    GitHub refuses the merge:

    > Required status check “lint” is expected.

    Where a rule of the repository says so, change the rule or merge it yourself. \`/agent retry\` tries again.
    ---
    #34 was closed. Reopen it, and I go on with it. \`/agent retry\` tries again.
    ---
    The branch \`agent/12/root\`, which the tasks are merged into, was deleted. Push its last commit there again, and I go on.
    ---
    Every task of the plan is skipped, so there is nothing to merge. \`/agent retry <task>\` takes one up again, \`/agent replan <what to change>\` makes another plan.
    ---
    My plan comment was deleted while it waited for approval. \`/agent retry\` posts the plan again; \`/agent replan <what to change>\` makes a new one of it.
    "
  `);
});

it("says every reason with a way on", () => {
  for (const why of reasons) expect(blockedWords(why, 12)).toMatch(/\/agent|Answer|push|label/i);
});

it("shows a status that is good to read", () => {
  const view = {
    phase: "working" as const,
    line: "An agent is at work on a branch of its own.",
    pull: 13,
    runs: [
      { what: "plan", attempt: 1, result: "done", tokens: 1200 },
      { what: "implement", attempt: 1, result: "It crashed | badly\non two lines.", tokens: 54_321 },
    ],
    tokens: { spent: 55_521, limit: 2_000_000 },
    notes: ["Task: Read all digits"],
  };
  expect(`\n${statusWords(view)}\n`).toMatchInlineSnapshot(`
    "
    **Working**

    An agent is at work on a branch of its own.

    - Pull request: #13
    - Task: Read all digits
    - Tokens: 55,521 of 2,000,000

    <details><summary>Runs</summary>

    | run | attempt | result | tokens |
    | --- | ---: | --- | ---: |
    | plan | 1 | done | 1,200 |
    | implement | 1 | It crashed \\| badly on two lines. | 54,321 |

    </details>

    <sub>\`/agent stop\` ends the work, \`/agent retry\` tries again what is blocked, \`/agent help\` lists the rest.</sub>
    "
  `);
});

it("shows the tasks of a plan in the status", () => {
  const task = { title: "Read all\n`digits` <b>", pull: null, note: null };
  const words = statusWords({
    phase: "working",
    line: "1 of 3 tasks is merged.",
    pull: 40,
    runs: [],
    tokens: { spent: 0, limit: null },
    notes: [],
    tasks: [
      { ...task, id: "login", state: "merged", pull: 34 },
      { ...task, id: "docs", state: "blocked", pull: 35, note: "#35 was closed" },
      { ...task, id: "api", state: "waiting" },
      { ...task, id: "mail", state: "waiting", note: "waits for docs" },
    ],
  });
  expect(`\n${words}\n`).toMatchInlineSnapshot(`
    "
    **Working**

    1 of 3 tasks is merged.

    - Pull request: #40
    - Tokens: 0

    **Tasks**

    - **login** (#34) Read all \`digits\` \\<b\\><br><sub>merged</sub>
    - **docs** (#35) Read all \`digits\` \\<b\\><br><sub>blocked: #35 was closed</sub>
    - **api** Read all \`digits\` \\<b\\><br><sub>waiting</sub>
    - **mail** Read all \`digits\` \\<b\\><br><sub>waits for docs</sub>

    <sub>\`/agent stop\` ends the work, \`/agent retry\` tries again what is blocked, \`/agent help\` lists the rest.</sub>
    "
  `);
});

it("writes a pull request that a maintainer would be glad to get", () => {
  const work = {
    title: "Read all\n digits",
    what: "The pattern.",
    why: "It was wrong. Closes #99",
    tested: "`node --test`",
  };
  expect(pullTitle(work, 12)).toBe("Read all digits");
  expect(`\n${pullBody(work, 12)}\n`).toMatchInlineSnapshot(`
    "
    ## What

    The pattern.

    ## Why

    It was wrong. Closes #​99

    ## How it was tested

    \`node --test\`

    Closes #12

    <sub>Written by an agent. Review it as any other: comments and failed checks start a follow-up.</sub>
    "
  `);
});

it("a task's pull request closes nothing", () => {
  const work = { title: "x", what: "Closes #12", why: "", tested: "" };
  expect(pullBody(work, 12, "Part of")).toMatch(/^## What\n\nCloses #\u200B12\n\nPart of #12\n/);
});

it("answers in the conversation name what they answer", () => {
  expect(quotedAnswer({ by: "mona", text: "\nWhy @ida?\nmore" }, "Because.")).toMatchInlineSnapshot(`
    "> Why @​ida?

    Because."
  `);
  expect(checkAnswers([{ name: "te`st", answer: "Mended." }])).toBe("**`test`**: Mended.");
});

it("mentions who waits, and lists every command", () => {
  expect(mention("mona", "Look.")).toBe("@mona Look.");
  expect(mention(null, "Look.")).toBe("Look.");
  const grammars = ["start", "plan", "replan <what to change>", "approve", "status", "retry [task]"];
  for (const grammar of [...grammars, "skip <task>", "stop", "help"])
    expect(helpWords()).toContain(`| \`/agent ${grammar}\` |`);
});
