import { createHash } from "node:crypto";
import { z } from "zod";

/** How much work a task is thought to be. */
export const SIZES = ["small", "medium", "large"] as const;

/** One task of a plan: one branch, one pull request. */
export const PlanTask = z.strictObject({
  /** The name of its branch, unique in the plan: `fix-login`. */
  id: z.string(),
  /** What is to be done, in a line. */
  title: z.string(),
  /** What and why, for the agent that does it. */
  body: z.string(),
  /** Files that it will likely touch. */
  files: z.array(z.string()),
  /** How it will be tested. */
  test: z.string(),
  size: z.enum(SIZES),
  /** Ids of the tasks that must be merged before it starts. */
  after: z.array(z.string()),
});
export type PlanTask = z.infer<typeof PlanTask>;

/** What a complex issue is decomposed into. This is its shape; `checkPlan` has the rules. */
export const Plan = z.strictObject({
  /** What all the tasks together come to, and what was asked and answered before. */
  summary: z.string(),
  tasks: z.array(PlanTask),
});
export type Plan = z.infer<typeof Plan>;

/** One look asks for the hash of the plan that stands many times. */
const hashes = new WeakMap<Plan, string>();

/** The same for the same plan: tells whether an edit changed anything. */
export function planHash(plan: Plan): string {
  const known = hashes.get(plan);
  if (known !== undefined) return known;
  const text = JSON.stringify(Plan.parse(plan));
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  hashes.set(plan, hash);
  return hash;
}
