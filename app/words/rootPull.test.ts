import { expect, it, test } from "vitest";

import { rootBody, rootTitle } from "./rootPull.ts";
import { built, HOSTILE, MENTION, planOf, UNSEEN } from "./testHostile.ts";

it("shows what the plan comes to, every task and how it is tested", () => {
  const plan = planOf("Read `all` digits");
  const tasks = {
    login: { state: "merged", pull: 34 },
    docs: { state: "skipped", pull: null },
  } as const;
  expect(`\n${rootBody({ issue: 12, plan, tasks })}\n`).toMatchInlineSnapshot(`
    "
    ## What

    > Read \`all\` digits

    ## Tasks

    - [x] **login**: Read \`all\` digits (#34)<br><sub>small</sub>
    - [ ] **docs**: Read \`all\` digits<br><sub>small · after login · skipped</sub>

    ## How it is tested

    - **login**: Read \`all\` digits

    Closes #12

    <sub>Written by an agent. Review it as any other: comments and failed checks start a follow-up.</sub>
    "
  `);
  expect(rootTitle({ title: " Totals are\nwrong @ana", number: 12 })).toBe("Totals are wrong @\u200Bana");
  expect(rootTitle({ title: "<!-- -->", number: 12 })).toBe("Work on #12");
});

test.each(HOSTILE)("is built the same way of %.40j", (text) => {
  const plan = planOf(text);
  const full = { ...plan, summary: plan.summary || "word" };
  const tests = full.tasks.map((task) => ({ ...task, test: task.test || "word" }));
  const body = rootBody({ issue: 12, plan: { ...full, tasks: tests }, tasks: {} });
  expect(built(body)).toEqual(built(rootBody({ issue: 12, plan: planOf("word"), tasks: {} })));
  expect(body).not.toMatch(MENTION);
  expect(body).not.toMatch(UNSEEN);
  expect(body).not.toMatch(/\b(?:closes|fixes) #(?!12\b)\d/i);
  expect(rootTitle({ title: text, number: 12 })).toMatch(/^.{1,120}$/u);
});
