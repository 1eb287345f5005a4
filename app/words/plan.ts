import { waves } from "../plan/check.ts";
import { SIZES } from "../plan/plan.ts";
import type { Plan } from "../plan/plan.ts";
import { printPlan } from "../plan/yaml.ts";
import { inline, quoted } from "./inline.ts";
import { approveBox, yamlFence } from "./planFence.ts";
import { planGraph } from "./planGraph.ts";
import { checklist, taskOf } from "./planTasks.ts";
import type { TaskViews } from "./planTasks.ts";
import { mention } from "./says.ts";

/** What the plan comment shows. */
export interface PlanView {
  issue: number;
  /** Who is asked to approve: mentioned while it waits. */
  asker: string | null;
  plan: Plan;
  tasks: TaskViews;
  standing: Standing;
}

type Standing =
  /** `changed`: one was approved before, and this is a change of it. */
  | { kind: "awaits"; changed: boolean }
  | { kind: "approved"; by: string }
  | { kind: "done" }
  | { kind: "superseded" };

/** GitHub takes 65,536 characters in one comment; the marker stands before these. */
const MOST = 60_000;
/** A drawing that is longer can't be read either; the list has all of it. */
const MOST_DRAWN = 15_000;

/**
 * The plan comment, below its marker; `readPlanWords` reads back what people may change in it. It holds no time of day,
 * so that looking again changes nothing.
 */
export function planWords(view: PlanView): string {
  const { plan, tasks, issue, standing } = view;
  const summary = plan.summary === "" ? "" : `${quoted(plan.summary, 3000, issue)}\n\n`;
  const list = `${summary}${checklist(plan, tasks, issue)}`;
  if (standing.kind === "superseded") {
    const old = `${headOf(view)}\n\n<details><summary>The old plan</summary>\n\n${list}\n\n`;
    return `${old}${yamlOf(plan, MOST - old.length)}\n\n</details>`;
  }
  const graph = planGraph(plan, (id) => taskOf(tasks, id).state);
  const drawn = graph.length > MOST_DRAWN ? "" : `\n\n${graph}`;
  const edit = standing.kind === "done" ? "" : ": edit it to change the plan";
  const shown = `${[headOf(view), list, waysOn(standing)].filter(Boolean).join("\n\n")}${drawn}\n\n<details><summary>The plan as YAML${edit}</summary>\n\n`;
  return `${shown}${yamlOf(plan, MOST - shown.length)}\n\n</details>`;
}

/** A plan that was checked always has room. */
function yamlOf(plan: Plan, room: number): string {
  const fence = yamlFence(printPlan(plan));
  return fence.length > room - 100 ? "It is too long to be shown here." : fence;
}

function headOf({ plan, standing, asker, issue }: PlanView): string {
  const size = `${counted(plan.tasks.length, "task")} in ${counted(waves(plan).length, "wave")} (${sizesOf(plan)})`;
  switch (standing.kind) {
    case "awaits": {
      const words = standing.changed
        ? `Here is my plan, changed: ${size}. Nothing new starts before it is approved; what runs goes on, and what is merged stays.`
        : `Here is my plan: ${size}. Nothing starts before it is approved.`;
      return mention(asker, words);
    }
    case "approved":
      return `Here is my plan, approved by **${inline(standing.by, 40, issue)}**: ${size}.`;
    case "done":
      return `Here is my plan, done: ${size}.`;
    case "superseded":
      return "This plan was replaced; the newer one is further down.";
  }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function sizesOf({ tasks }: Plan): string {
  const counts = SIZES.map((size) => ({ size, count: tasks.filter((task) => task.size === size).length }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ count, size }) => `${count} ${size}`)
    .join(", ");
}

/** How people approve and change it; the box stands there only while it waits. */
function waysOn({ kind }: Standing): string {
  if (kind === "done") return "";
  const change = "edit the YAML below, or comment `/agent replan <what to change>`";
  if (kind !== "awaits")
    return `To change the plan, ${change}. A change waits for approval, and nothing new starts until then.`;
  return `To approve it, tick the box, give this comment a 👍, or comment \`/agent approve\`. To change it, ${change}. All of them take write permission.\n\n${approveBox}`;
}
