import { waves } from "../plan/check.ts";
import type { Plan } from "../plan/plan.ts";
import type { TaskState } from "./planTasks.ts";

/** Each with its own light fill and dark words: they read well on GitHub's light and dark pages alike. */
const COLOURS: Record<TaskState, string> = {
  waiting: "fill:#eaeef2,stroke:#6e7781,color:#1f2328",
  working: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
  "in review": "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  merged: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  blocked: "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
  skipped: "fill:#ffffff,stroke:#8c959f,color:#57606a,stroke-dasharray:4 3",
};

/** Not by colour alone. */
const MARKS: Partial<Record<TaskState, string>> = { merged: "✓ ", blocked: "✗ " };

/** Close together: a phone shrinks what is wide until it can't be read. */
const CLOSE =
  '%%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 24, "padding": 6, "wrappingWidth": 90}}}%%';

/** The most of an id that a node shows: narrow nodes can be read on a phone; the titles stand in the checklist. */
const LABEL = 40;

/** The tasks and what they wait for, as Mermaid that GitHub draws. */
export function planGraph(plan: Plan, stateOf: (id: string) => TaskState): string {
  const index = new Map(plan.tasks.map(({ id }, at) => [id, at]));
  const states = plan.tasks.map(({ id }) => stateOf(id));
  const nodes = plan.tasks.map(({ id }, at) => `  n${at}["${MARKS[states[at]!] ?? ""}${label(id) || "…"}"]`);
  const edges = plan.tasks.flatMap(({ after }, at) =>
    after.filter((id) => index.has(id)).map((id) => `  n${index.get(id)} --> n${at}`),
  );
  const classes = [...new Set(states)].flatMap((state) => {
    const name = state.replace(" ", "");
    const members = states.flatMap((each, at) => (each === state ? [`n${at}`] : []));
    return [`  classDef ${name} ${COLOURS[state]}`, `  class ${members.join(",")} ${name}`];
  });
  return ["```mermaid", CLOSE, `flowchart ${direction(plan)}`, ...nodes, ...edges, ...classes, "```"].join(
    "\n",
  );
}

/** From left to right where it is the narrower: a phone shrinks what is wide. */
function direction(plan: Plan): "LR" | "TD" {
  const sizes = waves(plan).map(({ length }) => length);
  return Math.max(...sizes) > sizes.length ? "LR" : "TD";
}

/**
 * Letters and digits stay; all else becomes a character's code, which Mermaid shows and doesn't read
 * (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
 */
const label = (id: string): string =>
  id
    .slice(0, LABEL)
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{M}\p{N}-]/gu, (character) => `#${character.codePointAt(0)};`);
