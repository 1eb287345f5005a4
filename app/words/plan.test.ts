import { describe, expect, it, test } from "vitest";

import type { Plan, PlanTask } from "../plan/plan.ts";
import { checkPlan, MOST } from "../plan/check.ts";
import { printPlan } from "../plan/yaml.ts";
import { planWords } from "./plan.ts";
import type { PlanView } from "./plan.ts";
import { cleanPlan } from "./planClean.ts";
import { readPlanWords } from "./planFence.ts";
import { built, HOSTILE, MENTION, planOf, UNSEEN } from "./testHostile.ts";

const task = (
  id: string,
  title: string,
  after: string[] = [],
  size: PlanTask["size"] = "small",
): PlanTask => ({
  id,
  title,
  body: `Do it: ${title}`,
  files: [`src/${id}.ts`],
  test: "`npm test`",
  size,
  after,
});

const plan: Plan = {
  summary: "Sign-in becomes a module of its own.\n\n- Passwords stay as they are.",
  tasks: [
    task("login", "Take the sign-in out of `main`"),
    task("docs", "Write about it", ["login"], "medium"),
    task("mail", "Send a mail | at <each> sign-in", ["login"]),
  ],
};

const awaits: PlanView = {
  issue: 12,
  asker: "ana",
  plan,
  tasks: {},
  standing: { kind: "awaits", changed: false },
};

/** Without the YAML, which snapshots would only repeat. */
const short = (words: string) => `\n${words.replace(/(?<=````yaml\n)[^]*?(?=````)/, "…\n")}\n`;

it("shows a plan that waits", () => {
  expect(short(planWords(awaits))).toMatchInlineSnapshot(`
    "
    @ana Here is my plan: 3 tasks in 2 waves (2 small, 1 medium). Nothing starts before it is approved.

    > Sign-in becomes a module of its own.
    >
    > - Passwords stay as they are.

    - [ ] **login**: Take the sign-in out of \`main\`<br><sub>small</sub>
    - [ ] **docs**: Write about it<br><sub>medium · after login</sub>
    - [ ] **mail**: Send a mail \\| at \\<each\\> sign-in<br><sub>small · after login</sub>

    To approve it, tick the box, give this comment a 👍, or comment \`/agent approve\`. To change it, edit the YAML below, or comment \`/agent replan <what to change>\`. All of them take write permission.

    - [ ] **Approve this plan**

    \`\`\`mermaid
    %%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 24, "padding": 6, "wrappingWidth": 90}}}%%
    flowchart TD
      n0["login"]
      n1["docs"]
      n2["mail"]
      n0 --> n1
      n0 --> n2
      classDef waiting fill:#eaeef2,stroke:#6e7781,color:#1f2328
      class n0,n1,n2 waiting
    \`\`\`

    <details><summary>The plan as YAML: edit it to change the plan</summary>

    \`\`\`\`yaml
    …
    \`\`\`\`

    </details>
    "
  `);
});

it("shows how an approved one goes", () => {
  const tasks: PlanView["tasks"] = {
    login: { state: "merged", pull: 34 },
    docs: { state: "working", pull: null },
    mail: { state: "blocked", pull: 35 },
  };
  const view: PlanView = { ...awaits, tasks, standing: { kind: "approved", by: "bo" } };
  expect(short(planWords(view))).toMatchInlineSnapshot(`
    "
    Here is my plan, approved by **bo**: 3 tasks in 2 waves (2 small, 1 medium).

    > Sign-in becomes a module of its own.
    >
    > - Passwords stay as they are.

    - [x] **login**: Take the sign-in out of \`main\` (#34)<br><sub>small</sub>
    - [ ] **docs**: Write about it<br><sub>medium · after login · an agent is at work</sub>
    - [ ] **mail**: Send a mail \\| at \\<each\\> sign-in (#35)<br><sub>small · after login · blocked</sub>

    To change the plan, edit the YAML below, or comment \`/agent replan <what to change>\`. A change waits for approval, and nothing new starts until then.

    \`\`\`mermaid
    %%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 24, "padding": 6, "wrappingWidth": 90}}}%%
    flowchart TD
      n0["✓ login"]
      n1["docs"]
      n2["✗ mail"]
      n0 --> n1
      n0 --> n2
      classDef merged fill:#dafbe1,stroke:#1a7f37,color:#1f2328
      class n0 merged
      classDef working fill:#fff8c5,stroke:#9a6700,color:#1f2328
      class n1 working
      classDef blocked fill:#ffebe9,stroke:#cf222e,color:#1f2328
      class n2 blocked
    \`\`\`

    <details><summary>The plan as YAML: edit it to change the plan</summary>

    \`\`\`\`yaml
    …
    \`\`\`\`

    </details>
    "
  `);
  const changed: PlanView = { ...view, standing: { kind: "awaits", changed: true } };
  expect(planWords(changed).split("\n")[0]).toMatchInlineSnapshot(
    `"@ana Here is my plan, changed: 3 tasks in 2 waves (2 small, 1 medium). Nothing new starts before it is approved; what runs goes on, and what is merged stays."`,
  );
});

it("folds one that was replaced", () => {
  const view: PlanView = { ...awaits, standing: { kind: "superseded" } };
  expect(short(planWords(view))).toMatchInlineSnapshot(`
    "
    This plan was replaced; the newer one is further down.

    <details><summary>The old plan</summary>

    > Sign-in becomes a module of its own.
    >
    > - Passwords stay as they are.

    - [ ] **login**: Take the sign-in out of \`main\`<br><sub>small</sub>
    - [ ] **docs**: Write about it<br><sub>medium · after login</sub>
    - [ ] **mail**: Send a mail \\| at \\<each\\> sign-in<br><sub>small · after login</sub>

    \`\`\`\`yaml
    …
    \`\`\`\`

    </details>
    "
  `);
});

const standings: PlanView["standing"][] = [
  { kind: "awaits", changed: false },
  { kind: "awaits", changed: true },
  { kind: "approved", by: "bo" },
  { kind: "superseded" },
];

describe.each(standings)("a plan that is %j", (standing) => {
  const sample = built(planWords({ ...awaits, plan: planOf("word"), standing }));

  test.each(HOSTILE)("is built like any other, of %.40j", (text) => {
    for (const shown of [planOf(text), cleanPlan(planOf(text))]) {
      const words = planWords({
        ...awaits,
        plan: { ...shown, summary: shown.summary || "word" },
        standing,
      });
      expect(built(words)).toEqual(sample);
      const seen = words
        .replace(/(?<=\n`{4,}yaml\n)[^]*(?=\n`{4,}\n\n<\/details>)/, "")
        .replace("@ana Here", "");
      expect(seen).not.toMatch(MENTION);
      expect(seen).not.toMatch(UNSEEN);
      expect(seen).not.toContain("<!--");
      expect(words.length).toBeLessThan(60_000);
      expect(readPlanWords(words).ticked).toBe(false);
    }
  });
});

it("has room for the longest plan that is valid, and says so of one that isn't", () => {
  const wide = (length: number, tasks: number = MOST.tasks): Plan => ({
    summary: "\\".repeat(MOST.summary),
    tasks: Array.from({ length: tasks }, (_, at) => ({
      ...task(`${"x".repeat(MOST.id - 3)}${at + 100}`, "*".repeat(MOST.title)),
      body: "b ".repeat(length).trim(),
      test: "|".repeat(100),
      after: Array.from({ length: Math.min(at, 6) }, (_, n) => `${"x".repeat(MOST.id - 3)}${n + 100}`),
    })),
  });
  const longest = wide(400);
  expect(checkPlan({ ...longest, tasks: longest.tasks.map((each) => ({ ...each, after: [] })) })).toEqual([]);
  expect(printPlan(longest).length).toBeGreaterThan(MOST.yaml * 0.8);
  expect(readPlanWords(planWords({ ...awaits, plan: longest })).yaml).toBe(printPlan(longest));

  const longer = planWords({ ...awaits, plan: wide(3000, 1000) });
  expect(longer.length).toBeLessThan(60_000);
  expect(longer).toContain("too long to be shown");
});
