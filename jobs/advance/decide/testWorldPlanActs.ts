import { planHash } from "../../../app/plan/plan.ts";
import type { Plan } from "../../../app/plan/plan.ts";
import { parsePlan, printPlan } from "../../../app/plan/yaml.ts";
import { readPlanWords, yamlFence } from "../../../app/words/planFence.ts";
import type { Comment, Person } from "./snapshot.ts";
import { taskOf } from "./testPlan.ts";
import { hubTime, withHub } from "./testWorld.ts";
import type { World } from "./testWorld.ts";

/** How the YAML is changed. */
export type PlanChange =
  | { kind: "drop"; task: string }
  | { kind: "reword"; task: string }
  | { kind: "add"; after: string | null }
  | { kind: "loosen"; task: string }
  | { kind: "break" }
  /** Takes the story's plan again. */
  | { kind: "mend" };

/** The newest plan comment: people leave older ones alone. */
const planComment = ({ hub }: World): Comment | null =>
  hub.comments.findLast((each) => each.ours && each.marker?.startsWith("plan:")) ?? null;

/** Notes which plan stands in the comment while somebody approves. */
export function approving(world: World, { login: by }: Person): World {
  const plan = planIn(readPlanWords(planComment(world)?.body ?? "").yaml ?? "", world.story.plan);
  return plan ? { ...world, approvals: [...world.approvals, { hash: planHash(plan), by }] } : world;
}

/** The plan that some YAML says; the story's own may have more tasks than people may write. */
function planIn(yaml: string, first: Plan): Plan | null {
  if (yaml === printPlan(first)) return first;
  const read = parsePlan(yaml);
  return "errors" in read ? null : read.plan;
}

/** A 👍 or 👎 on the plan comment. */
export function thumb(world: World, by: Person, up: boolean): World {
  const plan = planComment(world);
  if (!plan) return world;
  const before = (world.hub.thumbs[plan.nodeId] ?? []).filter(
    (each) => each.by.login !== by.login || each.up !== up,
  );
  const given = { id: `R_${world.ids}`, up, by, at: hubTime(world) };
  const next = { ...world, ids: world.ids + 1 };
  const thumbs = { ...world.hub.thumbs, [plan.nodeId]: [...before, given] };
  return withHub(up ? approving(next, by) : next, { thumbs });
}

/** Ticks the box that approves. */
export const tick = (world: World, by: Person): World =>
  rewrite(world, by, (body) => body.replace("- [ ] **Approve", "- [x] **Approve"), true);

/** Changes the YAML. */
export const editPlan = (world: World, by: Person, change: PlanChange): World =>
  rewrite(world, by, (body) => changedYaml(body, change, world.story.plan), false);

export function deletePlan(world: World): World {
  const plan = planComment(world);
  return plan ? withHub(world, { comments: world.hub.comments.filter((each) => each !== plan) }) : world;
}

function rewrite(world: World, by: Person, change: (body: string) => string, approves: boolean): World {
  const plan = planComment(world);
  const body = plan && change(plan.body);
  if (!plan || body === null || body === plan.body) return world;
  const edit = { by, at: hubTime(world), text: body };
  const edits = { ...world.hub.edits, [plan.nodeId]: [...(world.hub.edits[plan.nodeId] ?? []), edit] };
  const comments = world.hub.comments.map((each) => (each === plan ? { ...each, body, editedBy: by } : each));
  return withHub(approves ? approving(world, by) : world, { comments, edits });
}

function changedYaml(body: string, change: PlanChange, first: Plan): string {
  const yaml = readPlanWords(body).yaml ?? "";
  const changed = changedText(yaml, change, first);
  return body.replace(yamlFence(yaml), () => yamlFence(changed));
}

function changedText(yaml: string, change: PlanChange, first: Plan): string {
  if (change.kind === "mend") return printPlan(first);
  if (change.kind === "break") return `${yaml}oops: [\n`;
  const read = parsePlan(yaml);
  return "errors" in read ? yaml : printPlan(changedPlan(read.plan, change));
}

function changedPlan(plan: Plan, change: Exclude<PlanChange, { kind: "mend" | "break" }>): Plan {
  const { tasks } = plan;
  const only = (edit: (task: Plan["tasks"][number]) => Plan["tasks"][number], of: string) =>
    tasks.map((task) => (task.id === of ? edit(task) : task));
  switch (change.kind) {
    case "drop": {
      const left = tasks.filter(({ id }) => id !== change.task);
      const without = (after: string[]) => after.filter((id) => id !== change.task);
      return { ...plan, tasks: left.map((task) => ({ ...task, after: without(task.after) })) };
    }
    case "reword":
      return { ...plan, tasks: only((task) => ({ ...task, body: `${task.body} Well.` }), change.task) };
    case "loosen":
      return { ...plan, tasks: only((task) => ({ ...task, after: [] }), change.task) };
    case "add": {
      const after = tasks.filter(({ id }) => id === change.after).map(({ id }) => id);
      return { ...plan, tasks: [...tasks, taskOf(`x${tasks.length}`, after)] };
    }
  }
}
