import { Document, isScalar, isSeq, visit } from "yaml";

import type { Plan } from "./plan.ts";

/** Code on a page isn't wrapped: longer lines are folded. */
const WIDTH = 72;

/** One look prints the plan that stands several times. */
const printed = new WeakMap<Plan, string>();

/** The plan as YAML that people read and edit, also on a phone; `parsePlan` reads the same plan from it. */
export function printPlan(plan: Plan): string {
  const before = printed.get(plan);
  if (before !== undefined) return before;
  const yaml = print(plan);
  printed.set(plan, yaml);
  return yaml;
}

function print({ summary, tasks }: Plan): string {
  const document = new Document(
    {
      summary,
      tasks: tasks.map(({ id, title, after, size, files, body, test }) => {
        return { id, title, after, size, files, body, test };
      }),
    },
    // Else one list in two places becomes an anchor and an alias.
    { aliasDuplicateObjects: false },
  );
  visit(document, {
    Pair(_, { key, value }) {
      if (isSeq(value) && isScalar(key)) value.flow = key.value === "after" || value.items.length === 0;
    },
    Scalar(_, scalar) {
      const { value } = scalar;
      if (typeof value !== "string") return;
      if (value.includes("\n")) scalar.type = "BLOCK_LITERAL";
      else if (value.length > WIDTH && value.includes(" ")) scalar.type = "BLOCK_FOLDED";
    },
  });
  return document.toString({ lineWidth: WIDTH, doubleQuotedAsJSON: true, flowCollectionPadding: false });
}
