import { expect, it } from "vitest";

import { planGraph } from "./planGraph.ts";
import { HOSTILE, planOf } from "./testHostile.ts";

const [first] = planOf("word").tasks;
const task = (id: string, after: string[] = []) => ({ ...first!, id, after });

const LINE =
  /^(?:```mermaid|%%\{init: [^}]*\}\}\}%%|flowchart (?:LR|TD)|```| {2}n\d+\["(?:[✓✗] )?(?:[\p{L}\p{M}\p{N}-]|#\d+;)+"\]| {2}n0\["…"\]| {2}n\d+ --> n\d+| {2}classDef [a-z]+ [a-z\d#:, -]+| {2}class n\d+(?:,n\d+)* [a-z]+)$/u;

it.each(HOSTILE)("shows %.40j as a label, and nothing else", (id) => {
  const graph = planGraph({ summary: "", tasks: [task(id), task("b", [id, "gone"])] }, () => "waiting");
  for (const line of graph.split("\n")) expect(line).toMatch(LINE);
  expect(graph.split("\n")).toHaveLength(9);
});

it("has each state's colour", () => {
  const states = ["waiting", "working", "in review", "merged", "blocked", "skipped"] as const;
  const tasks = states.map((state) => task(state.replace(" ", "-")));
  expect(planGraph({ summary: "", tasks }, (id) => states.find((state) => state.replace(" ", "-") === id)!))
    .toMatchInlineSnapshot(`
      "\`\`\`mermaid
      %%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 24, "padding": 6, "wrappingWidth": 90}}}%%
      flowchart LR
        n0["waiting"]
        n1["working"]
        n2["in-review"]
        n3["✓ merged"]
        n4["✗ blocked"]
        n5["skipped"]
        classDef waiting fill:#eaeef2,stroke:#6e7781,color:#1f2328
        class n0 waiting
        classDef working fill:#fff8c5,stroke:#9a6700,color:#1f2328
        class n1 working
        classDef inreview fill:#ddf4ff,stroke:#0969da,color:#1f2328
        class n2 inreview
        classDef merged fill:#dafbe1,stroke:#1a7f37,color:#1f2328
        class n3 merged
        classDef blocked fill:#ffebe9,stroke:#cf222e,color:#1f2328
        class n4 blocked
        classDef skipped fill:#ffffff,stroke:#8c959f,color:#57606a,stroke-dasharray:4 3
        class n5 skipped
      \`\`\`"
    `);
});

it("is drawn so that it is narrow", () => {
  const drawn = (tasks: ReturnType<typeof task>[]) =>
    planGraph({ summary: "", tasks }, () => "waiting").split("\n")[2];
  expect(drawn([task("a"), task("b", ["a"]), task("c", ["b"])])).toBe("flowchart TD");
  expect(drawn([task("a"), task("b", ["a"]), task("c", ["a"]), task("d", ["a"])])).toBe("flowchart LR");
});
