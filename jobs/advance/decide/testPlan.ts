import type { PlanTask } from "../../../app/plan/plan.ts";

/** A task with nothing special about it. */
export const taskOf = (id: string, after: string[] = []): PlanTask => ({
  id,
  title: `Do ${id}`,
  body: `All of ${id}.`,
  files: [],
  test: "",
  size: "small",
  after,
});
