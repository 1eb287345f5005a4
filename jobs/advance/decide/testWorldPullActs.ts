import type { Pull } from "./snapshot.ts";
import { hubTime, OTTO, taskOfBranch } from "./testWorld.ts";
import type { World } from "./testWorld.ts";
import { closePull, deleteBranch, mergePull, push, reopenPull, withPull } from "./testWorldPulls.ts";

/** What people do to a task's branch and pull request, or the root's. */
export type PullAct = "close" | "reopen" | "merge" | "push" | "delete" | "review" | "resolve";

export function onPull(world: World, does: PullAct, task: string): World {
  const branch = branchOf(world, task);
  const pull = openPullOf(world, task);
  switch (does) {
    case "push":
      return branch ? push(world, branch) : world;
    case "delete":
      return branch ? deleteBranch(world, branch, OTTO) : world;
    case "close":
      return pull ? closePull(world, pull.number, OTTO) : world;
    case "merge":
      return pull && pull.mergeable !== "conflicting" ? mergePull(world, pull.number, OTTO) : world;
    case "reopen":
      return reopen(world, task);
    case "review":
      return pull ? review(world, pull) : world;
    case "resolve":
      return pull ? resolve(world, pull) : world;
  }
}

/** The branch of a task, of the newest generation. */
const branchOf = ({ hub }: World, task: string): string | null =>
  Object.keys(hub.branches).findLast((branch) => taskOfBranch(branch) === task) ?? null;

export const openPullOf = ({ hub }: World, task: string): Pull | null =>
  hub.pulls.findLast((pull) => pull.state === "open" && taskOfBranch(pull.branch) === task) ?? null;

/** GitHub reopens only what has both of its branches. */
function reopen(world: World, task: string): World {
  const { pulls, branches } = world.hub;
  const pull = pulls.findLast((each) => each.state === "closed" && taskOfBranch(each.branch) === task);
  if (!pull || !branches[pull.branch] || (pull.base !== "main" && !branches[pull.base])) return world;
  if (pulls.some((each) => each.branch === pull.branch && each.state === "open")) return world;
  return reopenPull(world, pull.number);
}

function review(world: World, pull: Pull): World {
  const id = String(world.ids);
  const at = hubTime(world);
  const said = {
    id,
    by: OTTO,
    ours: false,
    state: "CHANGES_REQUESTED" as const,
    body: "Do it better.",
    at,
    comments: 1,
  };
  const first = {
    id: `${id}1`,
    nodeId: `C_${id}1`,
    by: OTTO,
    ours: false,
    body: "Here too.",
    at,
    editedBy: null,
    reacted: [],
    marker: null,
    reviewId: id,
  };
  const thread = { nodeId: `T_${id}`, resolved: false, path: "src/login.ts", line: 3, comments: [first] };
  const next = { ...world, ids: world.ids + 1 };
  return withPull(next, pull.number, (each) => ({
    ...each,
    reviews: [...each.reviews, said],
    threads: [...each.threads, thread],
  }));
}

/** Resolves every thread, and approves. */
function resolve(world: World, { number }: Pull): World {
  const review = {
    id: String(world.ids),
    by: OTTO,
    ours: false,
    state: "APPROVED" as const,
    body: "",
    at: hubTime(world),
    comments: 0,
  };
  return withPull({ ...world, ids: world.ids + 1 }, number, (each) => ({
    ...each,
    reviews: [...each.reviews, review],
    threads: each.threads.map((thread) => ({ ...thread, resolved: true })),
  }));
}
