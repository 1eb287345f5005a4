import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import type { Plan } from "../plan/plan.ts";
import { printPlan } from "../plan/yaml.ts";
import { planWords } from "./plan.ts";
import type { PlanView } from "./plan.ts";
import { cleanPlan } from "./planClean.ts";
import { readPlanWords } from "./planFence.ts";
import { hostilePlans, planOf } from "./testHostile.ts";

const plan: Plan = planOf("word");
const awaits: PlanView = {
  issue: 12,
  asker: "ana",
  plan,
  tasks: {},
  standing: { kind: "awaits", changed: false },
};

describe("what people may change", () => {
  const standings = fc.constantFrom<PlanView["standing"]>(
    { kind: "awaits", changed: false },
    { kind: "approved", by: "bo" },
    { kind: "superseded" },
  );

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(hostilePlans, standings, fc.boolean(), (any, standing, crlf) => {
        const shown = cleanPlan(any);
        const yaml = printPlan(shown);
        fc.pre(yaml.length < 20_000);
        const words = planWords({ ...awaits, plan: shown, standing });
        expect(readPlanWords(crlf ? words.replaceAll("\n", "\r\n") : words)).toEqual({ yaml, ticked: false });
        const ticked = words.replace("\n- [ ] **Approve this plan**\n", "\n- [x] **Approve this plan**\n");
        expect(readPlanWords(ticked).ticked).toBe(standing.kind === "awaits");
      }),
    );
  });

  const words = planWords(awaits);
  test.each<[string, string, string | null]>([
    ["gone", words.replace(/<details>[^]*/, ""), null],
    ["gone with its language", words.replace("````yaml", "````"), null],
    ["empty", words.replace(/(?<=````yaml\n)[^]*?(?=````)/, ""), ""],
    ["without an end", words.replace(/\n````\n[^]*/, "\n"), `${printPlan(plan)}\n`],
    ["in other marks", words.replaceAll("````", "~~~~~"), printPlan(plan)],
    ["with code at the margin", words.replace("summary:", "```\nsummary:"), `\`\`\`\n${printPlan(plan)}`],
    ["followed by another", `${words}\n\n\`\`\`yaml\nsummary: no\n\`\`\``, printPlan(plan)],
    ["no comment of ours", "Hello", null],
  ])("the YAML is %s", (_, body, yaml) => {
    expect(readPlanWords(body).yaml).toBe(yaml);
  });

  test.each([
    ["- [x] **Approve this plan**", true],
    ["- [X] **Approve this plan**  ", true],
    ["* [x] **Approve this plan**", true],
    ["- [ ] **Approve this plan**", false],
    ["- [x] **Approve this plan**: login", false],
    ["> - [x] **Approve this plan**", false],
    ["```\n- [x] **Approve this plan**\n```", false],
    ["- [x] **login**: **Approve this plan**", false],
  ])("%j is a tick: %s", (line, ticked) => {
    expect(readPlanWords(`a\n${line}\nb`).ticked).toBe(ticked);
  });

  test.each(["```yaml\n", "`", "- [x] ", "\n", "- [x] **Approve this plan**", "~", " "])(
    "a comment of nothing but %j takes no time",
    (part) => {
      const started = performance.now();
      readPlanWords(part.repeat(300_000 / part.length));
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});
